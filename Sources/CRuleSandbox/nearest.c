#include <string.h>

#include "internal.h"

// Longer names are not misspelt ones; the bound also keeps the rows on the stack.
enum { NAME_LIMIT = 64, DISTANCE_LIMIT = 2 };

static size_t least(size_t a, size_t b, size_t c) {
  size_t smaller = a < b ? a : b;
  return smaller < c ? smaller : c;
}

/// Edits (insert, delete, replace, swap of neighbours) between two names of at most NAME_LIMIT bytes.
size_t sandbox_distance(const char *name, size_t length, const char *other, size_t other_length) {
  size_t rows[3][NAME_LIMIT + 1];
  size_t *before = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= other_length; j++) last[j] = j;
  for (size_t i = 1; i <= length; i++) {
    row[0] = i;
    for (size_t j = 1; j <= other_length; j++) {
      size_t replaced = last[j - 1] + (name[i - 1] != other[j - 1]);
      row[j] = least(last[j] + 1, row[j - 1] + 1, replaced);
      bool swapped = i > 1 && j > 1 && name[i - 1] == other[j - 2] && name[i - 2] == other[j - 1];
      if (swapped && before[j - 2] + 1 < row[j]) row[j] = before[j - 2] + 1;
    }
    size_t *spare = before;
    before = last;
    last = row;
    row = spare;
  }
  return last[other_length];
}

// Infinity where the two are not worth suggesting one for the other.
static size_t usable_distance(const char *name, size_t length, const char *candidate) {
  size_t other_length = strlen(candidate);
  if (length == 0 || length > NAME_LIMIT || other_length > NAME_LIMIT) return SIZE_MAX;
  size_t gap = length > other_length ? length - other_length : other_length - length;
  if (gap > DISTANCE_LIMIT) return SIZE_MAX;
  size_t distance = sandbox_distance(name, length, candidate, other_length);
  // Two edits turn any short name into any other.
  size_t allowed = length <= 3 ? 1 : DISTANCE_LIMIT;
  return distance <= allowed && distance < length ? distance : SIZE_MAX;
}

const char *sandbox_nearer(const char *name, size_t length, const char *best, const char *candidate) {
  size_t distance = usable_distance(name, length, candidate);
  if (distance == SIZE_MAX) return best;
  if (best == NULL) return candidate;
  size_t best_distance = usable_distance(name, length, best);
  if (distance != best_distance) return distance < best_distance ? candidate : best;
  return strcmp(candidate, best) < 0 ? candidate : best;
}

const char *sandbox_nearest(const char *name, size_t length, const char *const *candidates, size_t count) {
  const char *best = NULL;
  for (size_t i = 0; i < count; i++) best = sandbox_nearer(name, length, best, candidates[i]);
  return best;
}
