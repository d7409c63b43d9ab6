/// Shares a budget among demands by max-min fairness: small demands are met whole, and large ones share what is left
/// evenly.
package struct MaxMinFairness {
  /// The demands, the smallest first.
  private var demands: [Double] = []
  /// What the demands before each one come to.
  private var sums: [Double] = []

  package init() {}

  /// Takes in demands, each above zero. Keeps its memory.
  package mutating func measure(_ new: some Sequence<Double>) {
    demands.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
    demands.append(contentsOf: new)
    demands.sort()
    var sum = 0.0
    for demand in demands {
      sums.append(sum)
      sum += demand
    }
  }

  /// The most that one demand gets; infinite where the budget is enough for all.
  package func level(_ budget: Double) -> Double {
    // The demands from `low` on get the level: of all that are given as much as one of these, the budget is not enough.
    var (low, high) = (0, demands.count)
    while low < high {
      let middle = low + (high - low) / 2
      if sums[middle] + demands[middle] * Double(demands.count - middle) > budget {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low == demands.count ? .infinity : (budget - sums[low]) / Double(demands.count - low)
  }
}
