#ifndef CHYPERSCAN_SHIM_H
#define CHYPERSCAN_SHIM_H

// pkg-config's flags name the folder of the header itself; without them it is found below `hs`.
#if __has_include(<hs/hs.h>)
#include <hs/hs.h>
#else
#include <hs.h>
#endif

#endif
