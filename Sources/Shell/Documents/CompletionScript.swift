/// Prints what has a shell complete the program's options, made from the table of options.
enum CompletionScript: String, CaseIterable {
  case bash, zsh, fish

  /// The script, to be read by that shell.
  var text: String {
    switch self {
    case .bash: Self.bashText
    case .zsh: Self.zshText
    case .fish: Self.fishText
    }
  }

  /// What may follow an option.
  enum Value: Hashable {
    case none
    case file
    case words([String])
    /// Something that no list has.
    case other
  }

  /// What may follow `option`.
  static func value(of option: Option) -> Value {
    switch option.value {
    case .none: .none
    case .optionalNumber: .none
    case .needed("FILE"), .needed("SCRIPT"): .file
    case .needed("MODE"): .words(OutputMode.allCases.map(\.rawValue))
    case .needed("WHEN"): .words(ColorChoice.allCases.map(\.rawValue))
    case .needed: .other
    }
  }

  /// The words before which no option stands.
  static let subcommands = ["completions", "man"]

  // MARK: bash

  private static var bashText: String {
    var cases: [String] = []
    var others: [String] = []
    for option in Option.all {
      let names = option.names.joined(separator: "|")
      switch value(of: option) {
      case .none: continue
      case .file: cases.append("    \(names)) COMPREPLY=($(compgen -f -- \"$word\")); return ;;")
      case .words(let words):
        let list = words.joined(separator: " ")
        cases.append(
          "    \(names)) COMPREPLY=($(compgen -W '\(list)' -- \"$word\")); return ;;")
      case .other: others.append(names)
      }
    }
    if !others.isEmpty { cases.append("    \(others.joined(separator: "|"))) return ;;") }
    let options = Option.all.flatMap(\.names).joined(separator: " ")
    let shells = allCases.map(\.rawValue).joined(separator: " ")
    return """
      # Completion of rapport for bash: source <(rapport completions bash)
      _rapport() {
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
        COMPREPLY=()
        case $before in
          completions) COMPREPLY=($(compgen -W '\(shells)' -- "$word")); return ;;
      \(cases.joined(separator: "\n"))
        esac
        case $word in
          -*) COMPREPLY=($(compgen -W '\(options)' -- "$word")) ;;
          *)
            COMPREPLY=($(compgen -f -- "$word"))
            if [[ $COMP_CWORD -eq 1 ]]; then
              COMPREPLY+=($(compgen -W '\(subcommands.joined(separator: " "))' -- "$word"))
            fi
            ;;
        esac
      }
      complete -o filenames -F _rapport rapport

      """
  }

  // MARK: zsh

  private static var zshText: String {
    let lines = Option.all.map { option in
      let names = option.names
      let group = names.count > 1 ? "'(\(names.joined(separator: " ")))'" : ""
      let spelled = names.count > 1 ? "{\(names.joined(separator: ","))}" : names[0]
      let about = "[\(escaped(option.detail, "[]:'"))]"
      let value =
        switch value(of: option) {
        case .none: ""
        case .file: ":file:_files"
        case .words(let words): ":value:(\(words.joined(separator: " ")))"
        case .other: ":value: "
        }
      return "    \(group)\(spelled)'\(about)\(value)' \\"
    }
    let shells = allCases.map(\.rawValue).joined(separator: " ")
    return """
      #compdef rapport
      # Completion of rapport for zsh: rapport completions zsh > ~/.zfunc/_rapport
      _rapport() {
        if (( CURRENT == 3 )) && [[ $words[2] == completions ]]; then
          compadd \(shells)
          return
        fi
        _arguments -s \\
      \(lines.joined(separator: "\n"))
          '*:data file:_files'
        if (( CURRENT == 2 )); then
          compadd \(subcommands.joined(separator: " "))
        fi
      }
      if [[ $funcstack[1] == _rapport ]]; then
        _rapport "$@"
      else
        compdef _rapport rapport
      fi

      """
  }

  // MARK: fish

  private static var fishText: String {
    let lines = Option.all.map { option in
      var line = "complete -c rapport"
      for name in option.names {
        line += name.hasPrefix("--") ? " -l \(name.dropFirst(2))" : " -s \(name.dropFirst())"
      }
      switch value(of: option) {
      case .none: break
      case .file: line += " -r -F"
      case .words(let words): line += " -x -a '\(words.joined(separator: " "))'"
      case .other: line += " -x"
      }
      return line + " -d '\(escaped(option.detail, "'"))'"
    }
    let shells = allCases.map(\.rawValue).joined(separator: " ")
    return """
      # Completion of rapport for fish: rapport completions fish | source
      \(lines.joined(separator: "\n"))
      complete -c rapport -n __fish_use_subcommand -a completions -d 'what has a shell complete options'
      complete -c rapport -n __fish_use_subcommand -a man -d 'the manual page'
      complete -c rapport -n '__fish_seen_subcommand_from completions' -x -a '\(shells)'

      """
  }

  /// The text with a backslash before each of the signs; a quote within quotes is left out.
  private static func escaped(_ text: String, _ signs: String) -> String {
    String(
      text.flatMap { character -> [Character] in
        if character == "'" { return [] }
        return signs.contains(character) ? ["\\", character] : [character]
      })
  }
}
