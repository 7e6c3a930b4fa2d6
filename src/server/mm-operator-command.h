/* The sub-commands of mimamori-server, one file per noun. Main thread.
 *
 * Each makes requests of the operator's API (mm-operator-client.h) and prints what was answered:
 * the very JSON with --json, else a table or a few lines. They return the exit status: 0 done, 1
 * failed with one line on standard error, 2 wrong usage.
 */
#pragma once

#include "mm-operator-client.h"

G_BEGIN_DECLS

#define MM_EXIT_DONE 0
#define MM_EXIT_FAILED 1
#define MM_EXIT_USAGE 2

/* What all sub-commands share. @words: what is left of the command line after the options, without
 * the command itself; @usage: of the form "gateway add [ID]" */
typedef struct
{
  const char *usage;
  char *data_dir;
  char *config_file;
  gboolean json;
  GStrv words;
  MmConfig *config;
  MmOperatorClient *client; /* made by the first request */
} MmCommand;

/* Frees what it holds. */
void mm_command_clear (MmCommand *command);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MmCommand, mm_command_clear)

/* Runs the sub-command @argv[1]. FALSE if there is none of that name. */
gboolean mm_operator_command (int argc, char **argv, int *status);

/* Prints the list of sub-commands, for --help. */
void mm_operator_command_list (void);

/* Reads the options @entries (NULL: none) and those that all have, of @argv from the verb on, and
 * the configuration. There must be from @least to @most words left. FALSE after saying what is
 * wrong; the status is then %MM_EXIT_USAGE. */
gboolean mm_command_parse (MmCommand *command,
                           int argc,
                           char **argv,
                           const char *usage,
                           const char *summary,
                           const GOptionEntry *entries,
                           guint least,
                           guint most);

/* Says @message on standard error and returns @status. */
int mm_command_fail (int status, const char *message);

/* Makes a request with the JSON @body, whose reference it takes (NULL: none), and returns the
 * answer; NULL after saying what is wrong. With --json the answer is printed, too. */
json_t *mm_command_request (MmCommand *command, const char *method, const char *path, json_t *body);

/* The same with any body. */
json_t *mm_command_request_bytes (
    MmCommand *command, const char *method, const char *path, const char *type, GBytes *body);

/* The client, for whoever needs more than a request; NULL after saying what is wrong. */
MmOperatorClient *mm_command_client (MmCommand *command);

/* What everything printed comes to: %MM_EXIT_DONE, or %MM_EXIT_FAILED if standard output was
 * closed. */
int mm_command_done (void);

/* Prints the array @rows of objects as a table of its members @columns (NULL-terminated), or
 * @nothing if it is empty. */
void mm_command_print_table (const json_t *rows, const char *const *columns, const char *nothing);

/* A member as text for people: "" for null and absent, "yes" and "no". Free with g_free(). */
char *mm_command_member (const json_t *object, const char *name);

/* The nouns. @argv[0] is the noun. */
int mm_command_gateway (int argc, char **argv);
int mm_command_mqtt (int argc, char **argv);
int mm_command_mail (int argc, char **argv);
int mm_command_demo (int argc, char **argv);
int mm_command_mapping (int argc, char **argv);
int mm_command_quarantine (int argc, char **argv);
int mm_command_settings (int argc, char **argv);
int mm_command_dealer (int argc, char **argv);
int mm_command_alert (int argc, char **argv);
int mm_command_check (int argc, char **argv);
int mm_command_compact (int argc, char **argv);
int mm_command_backup (int argc, char **argv);
int mm_command_restore (int argc, char **argv);
int mm_command_import (int argc, char **argv);
int mm_command_export (int argc, char **argv);
int mm_command_version (int argc, char **argv);

G_END_DECLS
