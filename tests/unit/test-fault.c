/* The fault catalogue: its files, its fallbacks, its words. */
#include "mm-fault.h"

#include <string.h>

static const char common[] = "[GROUND_FAULT]\n"
                             "Severity=critical\n"
                             "Meaning=Ground fault\n"
                             "Meaning[ja]=地絡\n"
                             "First=Visit.\n"
                             "First[ja]=訪問してください。\n"
                             "[89:000A..89:0013]\n"
                             "Severity=major\n"
                             "Meaning=Safety device, %s (100 %)\n"
                             "First=Ask about %s.\n";
static const char acme[] = "[Catalogue]\n"
                           "Makers=ACME;アクメ\n"
                           "WhenUnknown=true\n"
                           "[E1;E2]\n"
                           "Severity=minor\n"
                           "Shows=islanded\n"
                           "Meaning=Power cut\n"
                           "First=Wait.\n"
                           "[GROUND_FAULT]\n"
                           "Severity=warning\n"
                           "Meaning=ACME says so lightly\n"
                           "First=Wait.\n";
static const char other[] = "[Catalogue]\n"
                            "Makers=Other\n"
                            "[E1]\n"
                            "Severity=info\n"
                            "Shows=curtailed\n"
                            "Meaning=Something else\n"
                            "First=Wait.\n";

static MmFaultCatalogue *
catalogue_of (const char *first, const char *second, const char *third)
{
  MmFaultCatalogue *catalogue = mm_fault_catalogue_new ();
  const char *const texts[] = { first, second, third };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL)
      {
        g_autoptr (GError) error = NULL;

        g_assert_true (mm_fault_catalogue_add (catalogue, texts[i], -1, &error));
        g_assert_no_error (error);
      }
  return catalogue;
}

static void
assert_meaning (const MmFaultCatalogue *catalogue,
                const char *maker,
                const char *code,
                const char *expected)
{
  const MmFault *fault = mm_fault_catalogue_find (catalogue, maker, code);
  g_autofree char *meaning = mm_fault_meaning (fault, "en", code);

  g_assert_cmpstr (meaning, ==, expected);
}

static void
test_unknown_code (void)
{
  g_autoptr (MmFaultCatalogue) catalogue = mm_fault_catalogue_new ();
  const MmFault *fault = mm_fault_catalogue_find (catalogue, "ACME", "X-%d%s");
  g_autofree char *ja = mm_fault_meaning (fault, "ja", "X-%d%s");
  g_autofree char *first = mm_fault_first_step (fault, "ja-JP", "X");

  g_assert_cmpint (fault->severity, ==, MM_SEVERITY_MAJOR);
  g_assert_cmpint (fault->shows, ==, MM_STATUS_NORMAL);
  assert_meaning (catalogue, "ACME", "X-%d%s", "The device reports fault X-%d%s");
  assert_meaning (catalogue, NULL, "\xff", "The device reports fault \xff");
  g_assert_nonnull (strstr (ja, "「X-%d%s」"));
  g_assert_nonnull (strstr (first, "メーカー"));
  g_assert_cmpuint (mm_fault_catalogue_size (catalogue), ==, 0);
}

static void
test_lookup (void)
{
  g_autoptr (MmFaultCatalogue) catalogue = catalogue_of (common, acme, other);

  /* The maker's own, by any of its names, case, width and company form aside. */
  assert_meaning (catalogue, "ACME", "E1", "Power cut");
  assert_meaning (catalogue, "acme Corporation", " e2", "Power cut");
  assert_meaning (catalogue, "株式会社ｱｸﾒ", "Ｅ１", "Power cut");
  assert_meaning (catalogue, "Other", "E1", "Something else");
  assert_meaning (catalogue, "ACME", "GROUND_FAULT", "ACME says so lightly");
  /* The common one. */
  assert_meaning (catalogue, "Other", "GROUND_FAULT", "Ground fault");
  assert_meaning (catalogue, "Nobody", "ground_fault", "Ground fault");
  /* Codes of makers are not for others. */
  assert_meaning (catalogue, "Nobody", "E1", "The device reports fault E1");
  assert_meaning (catalogue, "Other", "E2", "The device reports fault E2");
  /* A device that does not say its maker. */
  assert_meaning (catalogue, NULL, "E1", "Power cut");
  assert_meaning (catalogue, " ", "E2", "Power cut");

  g_assert_cmpint (mm_fault_catalogue_find (catalogue, "ACME", "E1")->shows, ==,
                   MM_STATUS_ISLANDED);
  g_assert_cmpint (mm_fault_catalogue_find (catalogue, "Other", "E1")->shows, ==,
                   MM_STATUS_CURTAILED);
  g_assert_cmpint (mm_fault_catalogue_find (catalogue, "ACME", "E1")->severity, ==,
                   MM_SEVERITY_MINOR);
}

static void
test_span (void)
{
  g_autoptr (MmFaultCatalogue) catalogue = catalogue_of (common, NULL, NULL);
  const char *unknown = "The device reports fault 89:0009";

  assert_meaning (catalogue, NULL, "89:000A", "Safety device, 89:000A (100 %)");
  assert_meaning (catalogue, "Any", "89:0013", "Safety device, 89:0013 (100 %)");
  assert_meaning (catalogue, NULL, "89:000f", "Safety device, 89:000f (100 %)");
  assert_meaning (catalogue, NULL, "89:0009", unknown);
  assert_meaning (catalogue, NULL, "89:0014", "The device reports fault 89:0014");
  assert_meaning (catalogue, NULL, "89:00100", "The device reports fault 89:00100");
}

static void
test_words (void)
{
  g_autoptr (MmFaultCatalogue) catalogue = catalogue_of (common, NULL, NULL);
  const MmFault *fault = mm_fault_catalogue_find (catalogue, NULL, "GROUND_FAULT");
  const MmFault *english = mm_fault_catalogue_find (catalogue, NULL, "89:000A");
  g_autofree char *ja = mm_fault_meaning (fault, "ja", "GROUND_FAULT");
  g_autofree char *first_en = mm_fault_first_step (fault, "de", "GROUND_FAULT");
  g_autofree char *first_ja = mm_fault_first_step (fault, "ja", "GROUND_FAULT");
  g_autofree char *without_ja = mm_fault_first_step (english, "ja", "89:000A");

  g_assert_cmpstr (ja, ==, "地絡");
  g_assert_cmpstr (first_en, ==, "Visit.");
  g_assert_cmpstr (first_ja, ==, "訪問してください。");
  g_assert_cmpstr (without_ja, ==, "Ask about 89:000A.");
}

/* What a dealer adds wins over what we ship, codes and spans. */
static void
test_later_wins (void)
{
  g_autoptr (MmFaultCatalogue) catalogue
      = catalogue_of (common, "[ground_fault]\nSeverity=info\nMeaning=Ours\nFirst=Call us.\n",
                      "[89:000A..89:000B]\nSeverity=info\nMeaning=Ours too\nFirst=Call us.\n");

  assert_meaning (catalogue, NULL, "GROUND_FAULT", "Ours");
  assert_meaning (catalogue, NULL, "89:000B", "Ours too");
  assert_meaning (catalogue, NULL, "89:000C", "Safety device, 89:000C (100 %)");
}

static void
test_malformed (void)
{
  static const char *const texts[] = {
    "Severity=info\n",
    "[E1\n",
    "[E1]\nMeaning=M\nFirst=F.\n",
    "[E1]\nSeverity=none\nMeaning=M\nFirst=F.\n",
    "[E1]\nSeverity=fatal\nMeaning=M\nFirst=F.\n",
    "[E1]\nSeverity=info\nFirst=F.\n",
    "[E1]\nSeverity=info\nMeaning=M\n",
    "[E1]\nSeverity=info\nMeaning=\nFirst=F.\n",
    "[E1]\nSeverity=info\nShows=fault\nMeaning=M\nFirst=F.\n",
    "[E0]\nSeverity=info\nMeaning=M\nFirst=F.\n[E1]\nSeverity=info\n",
    "[E1]\nSeverity=info\nMeaning=\xff\nFirst=F.\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MmFaultCatalogue) catalogue = mm_fault_catalogue_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (mm_fault_catalogue_add (catalogue, texts[i], -1, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == G_KEY_FILE_ERROR);
      g_assert_cmpuint (mm_fault_catalogue_size (catalogue), ==, 0);
    }
}

/* The files that we ship: right, complete in both languages, and together. */
static void
test_shipped (void)
{
  static const char *const names[] = { "echonet", "fronius", "japan", "sunspec" };
  static const struct
  {
    const char *maker;
    const char *code;
    MmSeverity severity;
    MmStatus shows;
  } cases[] = {
    { NULL, "GROUND_FAULT", MM_SEVERITY_CRITICAL, MM_STATUS_NORMAL },
    { "SMA", "HW_TEST_FAILURE", MM_SEVERITY_CRITICAL, MM_STATUS_NORMAL },
    { "Fronius International", "102", MM_SEVERITY_MINOR, MM_STATUS_NORMAL },
    { "Fronius", "242", MM_SEVERITY_CRITICAL, MM_STATUS_NORMAL },
    { "Fronius", "567", MM_SEVERITY_INFO, MM_STATUS_CURTAILED },
    { "Fronius", "65000", MM_SEVERITY_MAJOR, MM_STATUS_NORMAL },
    { "OMRON", "E1-0", MM_SEVERITY_MINOR, MM_STATUS_ISLANDED },
    { "長州産業株式会社", "E2-1.A", MM_SEVERITY_CRITICAL, MM_STATUS_NORMAL },
    { NULL, "E1-0", MM_SEVERITY_MINOR, MM_STATUS_ISLANDED },
    { "Panasonic", "89:005B", MM_SEVERITY_CRITICAL, MM_STATUS_NORMAL },
    { "Panasonic", "89:0007", MM_SEVERITY_INFO, MM_STATUS_NORMAL },
    { "Panasonic", "89:03FF", MM_SEVERITY_MAJOR, MM_STATUS_NORMAL },
  };
  g_autoptr (MmFaultCatalogue) catalogue = mm_fault_catalogue_new ();
  const MmFault *otherwise = mm_fault_catalogue_find (catalogue, NULL, "");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_strconcat (names[i], ".faults", NULL);
      g_autofree char *path
          = g_build_filename (g_getenv ("MIMAMORI_TOP"), "data", "faults", file, NULL);
      g_autofree char *text = NULL;
      g_autoptr (GKeyFile) keys = g_key_file_new ();
      g_auto (GStrv) groups = NULL;
      g_autoptr (GError) error = NULL;

      g_file_get_contents (path, &text, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (mm_fault_catalogue_add (catalogue, text, -1, &error));
      g_assert_no_error (error);

      g_key_file_load_from_data (keys, text, strlen (text), G_KEY_FILE_KEEP_TRANSLATIONS, &error);
      g_assert_no_error (error);
      groups = g_key_file_get_groups (keys, NULL);
      for (guint g = 0; groups[g] != NULL; g++)
        if (strcmp (groups[g], "Catalogue") != 0)
          {
            g_assert_true (g_key_file_has_key (keys, groups[g], "Meaning[ja]", NULL));
            g_assert_true (g_key_file_has_key (keys, groups[g], "First[ja]", NULL));
          }
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const MmFault *fault = mm_fault_catalogue_find (catalogue, cases[i].maker, cases[i].code);

      g_assert_true (fault != otherwise);
      g_assert_cmpint (fault->severity, ==, cases[i].severity);
      g_assert_cmpint (fault->shows, ==, cases[i].shows);
    }
  g_assert_true (mm_fault_catalogue_find (catalogue, "Panasonic", "E1-0") == otherwise);
  g_assert_true (mm_fault_catalogue_find (catalogue, NULL, "102") == otherwise);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fault/unknown-code", test_unknown_code);
  g_test_add_func ("/fault/lookup", test_lookup);
  g_test_add_func ("/fault/span", test_span);
  g_test_add_func ("/fault/words", test_words);
  g_test_add_func ("/fault/later-wins", test_later_wins);
  g_test_add_func ("/fault/malformed", test_malformed);
  g_test_add_func ("/fault/shipped", test_shipped);
  return g_test_run ();
}
