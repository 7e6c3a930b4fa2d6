#include "mm-place.h"

#include <string.h>

#include "mm-error.h"
#include "mm-text.h"
#include "mm-words.h"

static const struct
{
  const char *ja;
  const char *en;
} prefectures[] = {
  { "北海道", "Hokkaido" },    { "青森県", "Aomori" },     { "岩手県", "Iwate" },
  { "宮城県", "Miyagi" },      { "秋田県", "Akita" },      { "山形県", "Yamagata" },
  { "福島県", "Fukushima" },   { "茨城県", "Ibaraki" },    { "栃木県", "Tochigi" },
  { "群馬県", "Gunma" },       { "埼玉県", "Saitama" },    { "千葉県", "Chiba" },
  { "東京都", "Tokyo" },       { "神奈川県", "Kanagawa" }, { "新潟県", "Niigata" },
  { "富山県", "Toyama" },      { "石川県", "Ishikawa" },   { "福井県", "Fukui" },
  { "山梨県", "Yamanashi" },   { "長野県", "Nagano" },     { "岐阜県", "Gifu" },
  { "静岡県", "Shizuoka" },    { "愛知県", "Aichi" },      { "三重県", "Mie" },
  { "滋賀県", "Shiga" },       { "京都府", "Kyoto" },      { "大阪府", "Osaka" },
  { "兵庫県", "Hyogo" },       { "奈良県", "Nara" },       { "和歌山県", "Wakayama" },
  { "鳥取県", "Tottori" },     { "島根県", "Shimane" },    { "岡山県", "Okayama" },
  { "広島県", "Hiroshima" },   { "山口県", "Yamaguchi" },  { "徳島県", "Tokushima" },
  { "香川県", "Kagawa" },      { "愛媛県", "Ehime" },      { "高知県", "Kochi" },
  { "福岡県", "Fukuoka" },     { "佐賀県", "Saga" },       { "長崎県", "Nagasaki" },
  { "熊本県", "Kumamoto" },    { "大分県", "Oita" },       { "宮崎県", "Miyazaki" },
  { "鹿児島県", "Kagoshima" }, { "沖縄県", "Okinawa" },
};
G_STATIC_ASSERT (G_N_ELEMENTS (prefectures) == MM_N_PREFECTURES);

char *
mm_postal_code_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  g_autofree char *digits = NULL;

  if (taken == NULL)
    return NULL;
  digits = mm_text_digits (g_str_has_prefix (taken, "〒") ? taken + strlen ("〒") : taken);
  if (digits == NULL || strlen (digits) != 7 || digits[0] == '+')
    {
      mm_error_add_field (error, field, "syntax",
                          N_ ("A postal code has seven digits, such as 380-0921."));
      return NULL;
    }
  return g_strdup_printf ("%.3s-%s", digits, digits + 3);
}

const char *
mm_prefecture_name_ja (guint number)
{
  g_return_val_if_fail (number >= 1 && number <= MM_N_PREFECTURES, NULL);
  return prefectures[number - 1].ja;
}

const char *
mm_prefecture_name_en (guint number)
{
  g_return_val_if_fail (number >= 1 && number <= MM_N_PREFECTURES, NULL);
  return prefectures[number - 1].en;
}

guint
mm_prefecture_find (const char *text)
{
  for (guint i = 0; i < MM_N_PREFECTURES; i++)
    if (strcmp (text, prefectures[i].ja) == 0 || g_ascii_strcasecmp (text, prefectures[i].en) == 0)
      return i + 1;
  return 0;
}

char *
mm_prefecture_normalise (const char *text, const char *field, GError **error)
{
  g_autofree char *taken = mm_text_take (text, field, error);
  guint number;

  if (taken == NULL)
    return NULL;
  number = mm_prefecture_find (taken);
  if (number == 0)
    {
      mm_error_add_field (error, field, "unknown", N_ ("Please choose one of the 47 prefectures."));
      return NULL;
    }
  return g_strdup (mm_prefecture_name_ja (number));
}

char *
mm_municipality_normalise (const char *text, const char *field, GError **error)
{
  return mm_text_line (text, field, MM_PLACE_MAX, N_ ("A municipality has at most 200 characters."),
                       error);
}

char *
mm_address_normalise (const char *text, const char *field, GError **error)
{
  return mm_text_line (text, field, MM_PLACE_MAX, N_ ("An address has at most 200 characters."),
                       error);
}
