/// A fixed number of values behind one pointer, for loops that fill them in any order.
///
/// Positions are not checked. A class instance per column would cost retains and exclusivity
/// checks in every cell, so loops work on the `reach`.
final class Slots<Element> {
  /// The values, as long as these slots live.
  let reach: SlotReach<Element>
  /// How many values there are.
  let count: Int

  /// Makes the slots, all `value`.
  init(repeating value: Element, count: Int) {
    self.count = count
    reach = SlotReach(base: .allocate(capacity: max(count, 1)))
    reach.base.initialize(repeating: value, count: count)
  }

  deinit {
    reach.base.deinitialize(count: count)
    reach.base.deallocate()
  }

  /// One value. The position is not checked.
  subscript(_ position: Int) -> Element {
    get { reach.base[position] }
    _modify { yield &reach.base[position] }
  }

  /// The first values as an array.
  func prefix(_ count: Int) -> [Element] {
    Array(UnsafeBufferPointer(start: reach.base, count: count))
  }
}

/// The values of some slots, without owning them.
struct SlotReach<Element> {
  fileprivate let base: UnsafeMutablePointer<Element>

  /// One value. The position is not checked.
  @inline(__always)
  subscript(_ position: Int) -> Element {
    get { base[position] }
    nonmutating _modify { yield &base[position] }
  }
}
