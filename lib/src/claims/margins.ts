/** Error of every test of a claim: two-sided, of a claim's family after Holm's adjustment. */
export const alpha = 0.05;

/** S1: how far below dense a structure may stay and count as close, in percentage points: the paper's 0.6. */
export const closeMargin = 0.6;

/** S2: the least mean gain that counts as an advantage of a profile like for like, in percentage points. */
export const gainMargin = 0.1;

/** S2: what would settle it, says the paper's review: a static profile that gains more at 90 %, in percentage points. */
export const settlingGain = 1;
