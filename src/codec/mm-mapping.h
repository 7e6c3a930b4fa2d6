/* The mapping: what the names of others mean here. Rules are data, in files of this form:
 *
 *   # Sign and unit of the source become ours: W, Wh, + import, + discharge.
 *   [line]
 *   SENEC/inverter_power                        -> pcs pv_power
 *   SENEC/bat_power_plus                        -> battery battery_power scale=-1 sum
 *   SENEC/bat_power_minus                       -> battery battery_power sum
 *   W/value domain=sensor entity_id=*pv_power   -> pcs pv_power
 *   data/_sum/EssSoc edge={n} host *            -> edge{n} soc
 *
 *   [venus]
 *   pvinverter/{n}/Ac/L{p}/Voltage              -> pvinverter{n} ac_voltage_l{p}
 *   system/{n}/Dc/Battery/Power                 -> battery battery_power scale=-1 spare
 *   {service}/{n}/Alarms/{alarm}                -> {service}{n} {alarm} fault
 *   {service}/{n}/{path**}                      -> {service}{n} {path}
 *
 * A line is a rule: a pattern for the name of the source (mm-pattern.h), patterns for its tags, an
 * arrow, the device, the quantity and options. A word with blanks in it stands in double quotes, in
 * which \" and \\ are a quote and a backslash. The heading names the protocol:
 *
 *   line       measurement/field of line protocol, with its tags
 *   fronius    of a Fronius push: "inverter/1/CHANNEL", "meter/SERIAL/CHANNEL", "Site/P_Grid" …
 *   mqtt       topic, but for the level that names the gateway, and behind it the way into a JSON
 *              payload: "tele/plug/SENSOR/ENERGY/Power"
 *   venus      "SERVICE/INSTANCE/D-BUS-PATH" of Venus OS, without "N/PORTAL/"
 *   sparkplug  "METRIC" or "DEVICE/METRIC" of Sparkplug B
 *   sunspec    "MODEL/POINT", e.g. "103/W"
 *
 * Tags: KEY=PATTERN must be there and fit, KEY may be there, * lets any others be there. Those that
 * a rule does not mention are appended to the device as ";key=value", so that different series stay
 * different.
 *
 * Options:
 *   scale=NUMBER  the value times this is in our unit with our sign
 *   sum           with the other "sum" rules of the same file, protocol, device and quantity: the
 *                 values of one moment are added up (plus and minus, phases) if all are there; if
 *                 not, each goes on as if this rule did not exist
 *   sum?          so too, but nothing is missed if this one is not there
 *   spare         only for a moment for which no other rule has given this quantity of any device;
 *                 else the value goes on as if this rule did not exist
 *   fault         not a value but a fault: the second word is its code, 0 means cleared, anything
 *                 else raised. For protocols that keep state (venus, mqtt, sparkplug); elsewhere
 *                 such a rule is passed over
 * In place of device and quantity the word "keep" leaves the source under its own name.
 *
 * The first rule that fits decides; the files of the operator stand before those that are shipped.
 * What no rule fits keeps its own name: mm_mapping_own_name(), or what the protocol has for it.
 *
 * How a connector with topics uses it: find the target once for each new topic (or metric name) and
 * keep it with the topic until mm_mapping_stamp() of the current mapping is another one. A broker
 * sends one value at a time, but "sum" and "spare" look at one moment: keep the last values, and
 * put those of one interval with one time into a batch through an MmMapper (mm-mapper.h). The
 * subscription itself is not the mapping's affair: which topics, of which gateway.
 *
 * Immutable once built, counted atomically; any thread.
 */
#pragma once

#include <glib.h>

#include "mm-batch.h"

G_BEGIN_DECLS

/* Bounds of a file and of all rules. */
#define MM_MAPPING_MAX_FILE (256 * 1024)
#define MM_MAPPING_MAX_RULES 8192
#define MM_MAPPING_MAX_TAGS 8 /* in one rule */
#define MM_MAPPING_MAX_PROBLEMS 20

typedef struct _MmMapping MmMapping;
typedef struct _MmMappingBuilder MmMappingBuilder;
typedef struct _MmMappingTable MmMappingTable;

/* What is wrong with a file. @line: from 1; 0: with the file as a whole
 * @message: English, without a full stop */
typedef struct
{
  char *file;
  guint line;
  char *message;
} MmMappingProblem;

void mm_mapping_problem_free (MmMappingProblem *problem);

/* A list of #MmMappingProblem. */
GPtrArray *mm_mapping_problems_new (void);

MmMappingBuilder *mm_mapping_builder_new (void);
void mm_mapping_builder_free (MmMappingBuilder *builder);

/* Adds the rules of the file @file (a name for people), after those already there. If anything in
 * it is wrong, none of it is taken, FALSE is returned, and at most %MM_MAPPING_MAX_PROBLEMS are
 * appended to @problems. */
gboolean mm_mapping_builder_add (MmMappingBuilder *builder,
                                 const char *file,
                                 const char *text,
                                 gsize length,
                                 GPtrArray *problems);

/* Builds the mapping; the builder is empty afterwards. */
MmMapping *mm_mapping_builder_end (MmMappingBuilder *builder);

MmMapping *mm_mapping_ref (MmMapping *mapping);
void mm_mapping_unref (MmMapping *mapping);

/* A number that no other mapping of this process has. */
guint mm_mapping_stamp (const MmMapping *mapping);

/* One rule, to be shown. @text: as it stands in the file, blanks at both ends aside. */
typedef struct
{
  const char *file;
  guint line;
  const char *protocol;
  const char *text;
} MmMappingRuleText;

/* The rules in the order in which they are asked, by numbers from 0. */
guint mm_mapping_n_rules (const MmMapping *mapping);
void mm_mapping_rule_text (const MmMapping *mapping, guint rule, MmMappingRuleText *text);

/* The rules of one protocol, borrowed from the mapping; NULL if it has none. */
const MmMappingTable *mm_mapping_table (const MmMapping *mapping, const char *protocol);

typedef enum
{
  MM_MAPPING_VALUE,
  MM_MAPPING_SUM,
  MM_MAPPING_SPARE,
  MM_MAPPING_FAULT,
} MmMappingKind;

/* Tags of a source, unescaped. */
typedef struct
{
  const char *key;
  gsize key_length;
  const char *value;
  gsize value_length;
} MmMappingTag;

/* Where a value goes.
 * @rule: number of the rule
 * @scale: the value times this is ours
 * @group, @part, @needed: of a sum: which sum, which of its parts (a bit), which must be there
 * @device, @quantity: not NUL-ended; of a fault, @quantity is its code */
typedef struct
{
  guint rule;
  MmMappingKind kind;
  double scale;
  guint group;
  guint64 part;
  guint64 needed;
  gsize device_length;
  gsize quantity_length;
  char device[MM_NAME_MAX_BYTES];
  char quantity[MM_NAME_MAX_BYTES];
} MmMappingTarget;

/* Whether any rule may fit a name that begins with the segment of @length bytes: asked once for all
 * fields of a measurement. @table may be NULL. */
gboolean mm_mapping_may_know (const MmMappingTable *table, const char *segment, gsize length);

/* Finds the first rule from number @from on (0 at first) that fits the source @name with @tags,
 * which are sorted by key. FALSE if there is none or it says "keep", or if the names that would
 * result are too long. @table may be NULL.
 *
 * Costs about as much as two look-ups in a hash table for plain names, and the matching of as many
 * patterns as begin with the same segment or with a wildcard. */
gboolean mm_mapping_find (const MmMappingTable *table,
                          guint from,
                          const char *name,
                          gsize length,
                          const MmMappingTag *tags,
                          guint n_tags,
                          MmMappingTarget *target);

/* The name that a path has here if nothing else is known: the first segment is the device, what is
 * left the quantity; a path of one segment is the quantity of the device @fallback. Pieces of
 * @name; FALSE if one is empty or too long. */
gboolean mm_mapping_own_name (const char *name,
                              gsize length,
                              const char *fallback,
                              MmMappingTarget *target);

/* Finds the target of a value that must go somewhere: as mm_mapping_find(), passing over faults
 * and, unless @any, over sums and spares; mm_mapping_own_name() if there is none. */
gboolean mm_mapping_find_value (const MmMappingTable *table,
                                guint from,
                                gboolean any,
                                const char *name,
                                gsize length,
                                const MmMappingTag *tags,
                                guint n_tags,
                                const char *fallback,
                                MmMappingTarget *target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMapping, mm_mapping_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMappingBuilder, mm_mapping_builder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MmMappingProblem, mm_mapping_problem_free)

G_END_DECLS
