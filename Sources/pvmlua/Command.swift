import Glibc

/// The program from its first word to its exit status.
enum Command {
  /// Runs what the words ask for. Answers the exit status.
  static func run(_ words: [Word]) -> Int32 {
    StandardStreams.fillGaps()
    StandardStreams.checkOutputAtExit()
    if let reason = Precautions.refusal() { return fail(Complaint(reason)) }
    do {
      switch try LaunchParser.parse(words) {
      case .describe(let question): return CommandDescription.answer(question)
      case .run(let options): return run(options, words)
      }
    } catch {
      return fail(Complaint(error.reason + "\n" + CommandDescription.usage))
    }
  }

  private static func run(_ options: LaunchOptions, _ words: [Word]) -> Int32 {
    guard let interpreter = Interpreter(options, words) else {
      return fail(Complaint("cannot create state: not enough memory"))
    }
    let status = interpreter.run()
    interpreter.close()
    return status
  }

  private static func fail(_ complaint: Complaint) -> Int32 {
    complaint.write()
    return ExitStatus.failure
  }
}
