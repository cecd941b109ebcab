"""What every part stands on: errors, ids, clock, natural keys, settings, logs. It imports nothing of ours."""
