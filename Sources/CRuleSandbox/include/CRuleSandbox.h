#ifndef CRULESANDBOX_H
#define CRULESANDBOX_H

#include "rule_api.h"
#include "rule_host.h"
#include "sandbox.h"

#endif
