import Store
import Testing

@testable import Engine

/// Which moves `transitions` counts, and what it makes of them.
struct TransitionsTests {
  static let stages = ChoiceList(["new", "known", "lost"], isOrdered: true)

  /// Changes such as `-0@1`, an opening, or `01@5!`, a move outside the period.
  static let cases: [(String, subjects: [String], rows: [String], summary: [Int])] = [
    ("no change at all", ["", ""], [], [2, 0, 0, 0]),
    ("an opening is no move", ["-0@1"], [], [1, 0, 0, 1]),
    (
      "shares are of the moves that leave, days from the change before",
      ["-0@1 01@5 12@9", "-0@1 02@9", "-0@3 01@6"],
      ["new known 2 0.667 3.5", "new lost 1 0.333 8.0", "known lost 1 1.0 4.0"], [3, 4, 3, 3]
    ),
    ("a first change says nothing of the days", ["01@5"], ["new known 1 1.0 –"], [1, 1, 1, 0]),
    (
      "the stay before may lie before the period", ["-0@1! 01@5! 12@9"], ["known lost 1 1.0 4.0"],
      [1, 1, 1, 0]
    ),
    (
      "a change into the same stage is none, and the stay goes on", ["-0@1 00@4 01@9"],
      ["new known 1 1.0 8.0"], [1, 1, 1, 1]
    ),
    (
      "to and fro is two moves of one subject", ["-0@1 01@2 10@3 01@4"],
      ["new known 2 1.0 1.0", "known new 1 1.0 1.0"], [1, 3, 1, 1]
    ),
    ("a change into nothing is left out", ["-0@1 0-@4"], [], [1, 0, 0, 1]),
  ]

  private static func events(_ subjects: [String]) -> SubjectEvents {
    VerbInputs.events(
      subjects.map { subject in
        subject.split(separator: " ").map { change -> (day: Int, values: [Int64]) in
          let ends = Array(change)
          func code(_ place: Int) -> Int64 {
            ends[place].wholeNumberValue.map { Int64($0) } ?? SubjectEvents.unknown
          }
          let isOut = ends.last == "!"
          return (
            Int(String(isOut ? ends[3...].dropLast() : ends[3...])) ?? 0,
            [code(0), code(1), isOut ? 0 : 1]
          )
        }
      }, valueCount: 3)
  }

  @Test(arguments: cases.indices)
  func `moves are counted by the stages they lead between`(_ index: Int) throws {
    let (name, subjects, rows, summary) = Self.cases[index]
    let transitions = Transitions(choices: Self.stages, period: 2, moveCountMin: 30)
    for order in [subjects, subjects.reversed()] {
      let result = try transitions.run(VerbInputs.input([Self.events(order)], asOf: 100))
      #expect(VerbInputs.rows(result, transitions.columns) == rows, "\(name)")
      #expect(result.summary == summary.map { Scalar($0) }, "\(name)")
    }
  }

  @Test func `few moves have a warning, and who stays is counted`() throws {
    let transitions = Transitions(choices: Self.stages, period: nil, moveCountMin: 2)
    let stages = Vector([.word(2), .word(1), .word(1)], as: .choice(Self.stages))
    let result = try transitions.run(
      VerbInputs.input(
        [Self.events(["-0@1 01@2", "-0@1 01@2", ""])], values: [stages], asOf: 100))
    func stage(_ name: String, _ leaving: Int, _ staying: Int) -> TransitionsFact.Stage {
      TransitionsFact.Stage(name: name, leaving: leaving, staying: staying)
    }
    // By the history, and by the stage there is where there is none.
    #expect(
      result.facts.contains(.transitions(.staying([stage("new", 2, 0), stage("known", 0, 3)]))))
    #expect(!result.facts.contains { if case .transitions(.few) = $0 { true } else { false } })
    let one = try transitions.run(VerbInputs.input([Self.events(["-0@1 01@2"])], asOf: 100))
    #expect(one.facts.contains(.transitions(.few([stage("new", 1, 0)], least: 2))))
  }

  @Test(arguments: [UInt64](1...20))
  func `the shares of a stage add up to 1`(_ seed: UInt64) throws {
    var random = SplitMix64(seed)
    let subjects = (0..<40).map { _ in
      (0..<random.below(7)).map { _ in
        (
          day: random.below(300),
          values: [Int64(random.below(3)), Int64(random.below(3)), Int64(random.below(2))]
        )
      }
    }
    let transitions = Transitions(choices: Self.stages, period: 2, moveCountMin: 30)
    let result = try transitions.run(
      VerbInputs.input([VerbInputs.events(subjects, valueCount: 3)], asOf: 300))
    var sums: [Scalar: Double] = [:]
    var moves = 0
    for row in 0..<result.columns[0].count {
      guard case .real(let share) = result.columns[3][row],
        case .word(let count) = result.columns[2][row]
      else { continue }
      sums[result.columns[0][row], default: 0] += share
      moves += Int(count)
    }
    for sum in sums.values { #expect(abs(sum - 1) < 1e-12) }
    #expect(
      moves
        == subjects.joined().reduce(0) {
          $0 + ($1.values[0] != $1.values[1] && $1.values[2] == 1 ? 1 : 0)
        })
  }
}
