/* Words for people.
 *
 * Sentences in the code are English message ids. Core marks them only; they are translated at the
 * edge, where the reader's language is known.
 */
#pragma once

/* Marks @msgid for the catalogue and leaves it as it is. */
#define N_(msgid) (msgid)
