import Store
import Synchronization
import Testing

@Suite struct WorkersTests {
  @Test func `both jobs run and are done at the end`() {
    for round in 0..<300 {
      let first = Atomic<Int>(-1)
      let second = Atomic<Int>(-1)
      Workers.both(
        { first.store(round, ordering: .relaxed) },
        { second.store(round + 1, ordering: .relaxed) })
      #expect(first.load(ordering: .relaxed) == round)
      #expect(second.load(ordering: .relaxed) == round + 1)
    }
  }

  @Test func `a call inside a call runs in place`() {
    let count = Atomic<Int>(0)
    func add() { count.add(1, ordering: .relaxed) }
    Workers.both(
      { Workers.both({ add() }, { add() }) },
      { Workers.both({ add() }, { Workers.both({ add() }, { add() }) }) })
    #expect(count.load(ordering: .relaxed) == 5)
  }

  @Test func `the helper's stack is deep`() {
    func depth(_ n: Int) -> Int { n == 0 ? 0 : 1 + depth(n - 1) }
    let reached = Atomic<Int>(0)
    Workers.both({}, { reached.store(depth(20_000), ordering: .relaxed) })
    #expect(reached.load(ordering: .relaxed) == 20_000)
  }
}
