using Culverin.State;

namespace Culverin.Guest;

/// <summary>
/// Go runtime functions that single-threaded versions turn into "return at once", because they start threads,
/// the garbage collector or floating-point code (VM-SPEC section 12).
/// </summary>
internal static class GoPatches
{
    private const uint JumpToReturnAddress = 0x03E0_0008;
    private const uint Nop = 0;

    private static readonly HashSet<string> Functions =
    [
        "runtime.gcenable",
        "runtime.init.5",
        "runtime.main.func1",
        "runtime.deductSweepCredit",
        "runtime.(*gcControllerState).commit",
        "github.com/prometheus/client_golang/prometheus.init",
        "github.com/prometheus/client_golang/prometheus.init.0",
        "github.com/prometheus/procfs.init",
        "github.com/prometheus/common/model.init",
        "github.com/prometheus/client_model/go.init",
        "github.com/prometheus/client_model/go.init.0",
        "github.com/prometheus/client_model/go.init.1",
        "flag.init",
        "runtime.check",
    ];

    /// <summary>Whether the function of this name returns at once after loading.</summary>
    public static bool IsPatched(string function) => Functions.Contains(function);

    /// <summary>Patches every listed function that the symbol table names.</summary>
    /// <returns>The names patched.</returns>
    public static IReadOnlyList<string> Apply(ElfFile elf, GuestMemory memory)
    {
        List<string> patched = [];
        foreach (ElfSymbol symbol in elf.Symbols)
        {
            if (Functions.Contains(symbol.Name))
            {
                memory.WriteBytes((uint)symbol.Start, Bytes(JumpToReturnAddress));
                memory.WriteBytes((uint)(symbol.Start + 4), Bytes(Nop));
                patched.Add(symbol.Name);
            }
        }

        return patched;
    }

    private static byte[] Bytes(uint word) =>
        [(byte)(word >> 24), (byte)(word >> 16), (byte)(word >> 8), (byte)word];
}
