/* Empty on purpose: Swift must not see a call that can raise. Only CLuaBridge includes lua.h. */
