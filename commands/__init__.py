"""The commands of `jarshy`: each reads its options, calls the stages, prints what came of it."""
