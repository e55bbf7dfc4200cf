GameLoop(Options(CommandLine.arguments)).start()
