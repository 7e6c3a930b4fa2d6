/* The fault catalogue as it is shipped. */
#pragma once

#include "mm-fault.h"

G_BEGIN_DECLS

/* The catalogue with all files of data/faults, which are linked in. Never NULL. */
MmFaultCatalogue *mm_faults_load (void);

G_END_DECLS
