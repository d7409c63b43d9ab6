extension HidePolicy {
  /// The same for every span: a step that only counts where a rule asks for it does so, too, when that rule no longer
  /// runs.
  package var forEverySpan: HidePolicy {
    HidePolicy(
      steps.map { step in
        var step = step
        step.isConditional = false
        return step
      })
  }

  /// The steps that are not in another policy, wherever they come from, each once.
  package func beyond(_ other: HidePolicy) -> HidePolicy {
    var known = other.steps
    var beyond = HidePolicy()
    for step in steps
    where !known.contains(where: {
      $0.matcher == step.matcher && $0.action == step.action && $0.isConditional == step.isConditional
    }) {
      known.append(step)
      beyond.steps.append(step)
    }
    return beyond
  }
}
