-- Which rules run, in this order. Hiding comes after all of them, whatever stands here.
return chain { api = 1, "slow_trace", "sample", "redact", "truncate" }
