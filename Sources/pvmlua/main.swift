import Glibc

exit(Command.run(CommandLine.words))
