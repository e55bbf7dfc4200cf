import LuaHost

extension PVMModule {
  static var argumentFunctions: [Declaration] {
    [
      .function(
        "args", "Read the words that the script was given, by a list of what there is.",
        Parameter(
          "list", .argumentList,
          "{about=, {\"--rate\", \"-r\", default=10, help=}, {\"file\", help=}, ...}"),
        Parameter<[[UInt8]]?>.optional(
          "words", .bytesList, "what to read; the script's own when left out"),
        returns: .value(
          "table", "a field for each: `rate`, `file`; `dry_run` for `--dry-run`", name: "args"),
        about: About(
          example: """
            local args = pvm.args({
              about="Counts what a game has.",
              {"--rate", "-r", default=10, min=1, help="looks a second"},
              {"--verbose", "-v", help="say more"},
              {"--mode", choices={"fast", "slow"}, default="fast", help="how"},
              {"game", help="its name"},
              {"files", many=true, help="what else to read"},
            }, {"-r5", "--mode=slow", "supertux2", "a", "b"})
            print(args.rate, args.verbose, args.mode, args.game, #args.files)  --> 5 false slow supertux2 2
            """,
          notes: """
            Each argument is a table with its names, and:

            \(ArgumentItem.optionNotes)

            `--help` and `-h` print the help and end the script with status 0. Words that do not fit are \
            said with the usage on standard error, and end it with status 2. `--name=value`, \
            `--name value`, `-nvalue`, `-n value` and flags in a row (`-vq`) are the same to it, \
            `--no-name` turns a flag off, and behind `--` nothing is an option. An integer may be \
            written 0x10.
            """, seeAlso: ["pvm.trainer"])
      ) { (call, list: ArgumentList, words: [[UInt8]]?) in
        let session = call.session
        if words == nil { session.argumentsAreTaken = true }
        return .table(try session.parse(list, words ?? session.arguments))
      }
    ]
  }
}

extension ArgumentType where Value == ArgumentList {
  fileprivate static var argumentList: ArgumentType<ArgumentList> {
    ArgumentType("table of arguments", annotation: "table") { call, index in
      try ArgumentList(call, at: index)
    }
  }
}

extension Session {
  /// Reads words by a list. Help and wrong use end the program where there is one to end.
  func parse(_ list: ArgumentList, _ words: [[UInt8]]) throws -> LuaTable {
    var reader = ArgumentWords(words, list)
    do throws(ArgumentMismatch) {
      let answer = try reader.answer()
      guard reader.asksForHelp else { return answer }
    } catch {
      throw wrongUse(error.reason, list)
    }
    let help = list.help(of: scriptName)
    leave?(help, 0)
    throw ScriptFailure.misuse(help)
  }

  /// Ends the program with what is wrong; answers the error where there is no program to end.
  func wrongUse(_ reason: String, _ list: ArgumentList) -> ScriptFailure {
    let text = "\(reason)\n\(list.usage(of: scriptName))\n  --help tells more"
    leave?("\(scriptName): \(text)\n", 2)
    return .misuse(text)
  }
}
