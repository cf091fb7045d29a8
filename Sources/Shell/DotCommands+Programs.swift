import Engine
import Store
import Syntax

// The dot-commands about saved queries, their parameters, and what there is to ask about.

extension DotCommand {
  static let programCommands: [DotCommand] = [
    DotCommand(
      name: ".param", placeholder: "[NAME[=VALUE]]",
      summary: "the values of parameters, or to give one",
      run: { shell, argument throws(Failure) in try shell.setParameter(argument) }),
    DotCommand(
      name: ".queries", placeholder: "[NAME [P=VALUE]…]",
      summary: "the saved queries, or to run one",
      run: { shell, argument throws(Failure) in try shell.runQueries(argument) }),
    DotCommand(
      name: ".schema", placeholder: "[ENTITY]", summary: "what entities and fields there are",
      run: { shell, argument throws(Failure) in try shell.tellSchema(argument) }),
  ]
}

extension Shell {
  /// `.param`: lists; `.param name`: tells; `.param name=value`: gives; `.param name=`: takes away.
  fileprivate func setParameter(_ argument: String) throws(Failure) -> Bool {
    let names = session.parameterNames
    if argument.isEmpty {
      let lines = names.map(parameterLine)
      tell(lines.isEmpty ? "no parameter has a value" : lines.joined(separator: "\n"))
      return true
    }
    let name = String(argument.prefix { $0 != "=" }.drop { $0 == "$" })
      .split(separator: " ").joined(separator: " ")
    guard let first = name.first, first.isLetter || first == "_",
      name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
    else { throw DotCommand.mistake(".param", argument, "NAME or NAME=VALUE") }
    if let equals = argument.firstIndex(of: "=") {
      let value = argument[argument.index(after: equals)...].drop { $0 == " " }
      if value.isEmpty {
        session.forgetParameter(name)
      } else {
        session.give(Self.unquoted(String(value)), toParameter: name)
      }
    } else if !session.hasParameter(name) {
      let near = NearNames.nearest(to: name, among: names)
      throw Failure(
        ShellReason.noSuchParameter(name, script: nil, near: near, all: names), at: nil)
    }
    tell(session.hasParameter(name) ? parameterLine(name) : "$\(name) has no value")
    return true
  }

  private func parameterLine(_ name: String) -> String {
    VisibleText.of("$\(name) = \(session.parameterText(name) ?? "")")
  }

  /// Every entity with its fields, or one entity with a line a field.
  fileprivate func tellSchema(_ name: String) throws(Failure) -> Bool {
    let catalog = session.database.catalog
    if name.isEmpty {
      let width = (output.isTerminal ? output.width : errors.width) ?? 80
      var lines: [String] = []
      for entity in catalog.entities {
        let fields = entity.fields.map { "\(Completion.spelled($0.name)) \(inWords($0.type))" }
        let text = "\(Completion.spelled(entity.name)) (\(fields.joined(separator: ", ")))"
        lines += BrokenText.lines(VisibleText.of(text), widthMax: width - 1)
      }
      tell(lines.joined(separator: "\n"))
      return true
    }
    _ = runner.run(command: ".schema") { [session] () throws(Failure) in
      try session.run("describe \(Completion.spelled(name))")
    }
    return true
  }

  private func inWords(_ type: ValueType) -> String {
    switch type {
    case .choice(let list):
      "choice(" + list.names.prefix(8).joined(separator: ", ")
        + (list.names.count > 8 ? ", …)" : ")")
    case .reference(let target): "to " + session.database.catalog[target].name
    case .text, .money: type.name
    case .number, .integer, .date, .time, .flag:
      type.name.split(separator: " ").last.map(String.init) ?? type.name
    }
  }
}
