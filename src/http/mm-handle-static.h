/* The stylesheet and the pictures, from the program itself. */
#pragma once

#include "mm-exchange.h"

G_BEGIN_DECLS

/* GET /static/{name} */
void mm_handle_static (MmExchange *x, gpointer context);

G_END_DECLS
