import Engine
import Shell
import Store

print("x")
