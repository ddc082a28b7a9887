using System.Globalization;
using System.Text;

namespace Culverin.Inspect.Debug;

/// <summary>
/// The registers as gdb knows those of MIPS, and its description of them. The machine lacks the
/// coprocessors; gdb wants their registers all the same, and they are zero.
/// </summary>
internal sealed class GdbRegisters(int wordBits)
{
    /// <summary>The number of the program counter.</summary>
    public const int ProgramCounter = 37;

    /// <summary>How many registers there are.</summary>
    public const int Count = 72;

    private const int GeneralCount = 32;
    private const int Low = 33;
    private const int High = 34;
    private const int FirstOfFloats = 38;
    private const int LastOfFloats = 69;

    private readonly Dictionary<(ulong Thread, int Register), ulong> _scratch = [];

    /// <summary>Hexadecimal digits of a register.</summary>
    public int Digits => wordBits / 4;

    /// <summary>Forgets what was written.</summary>
    public void Forget() => _scratch.Clear();

    /// <summary>
    /// Writes a register of the copy that gdb sees until the next move; the trace is not changed.
    /// </summary>
    public void Write(ThreadView thread, int register, ulong value) =>
        _scratch[(thread.Id, register)] = value;

    /// <summary>A register's value in hexadecimal digits, most significant first.</summary>
    public string Read(ThreadView thread, int register) => ValueOf(thread, register)
        .ToString(wordBits == 32 ? "x8" : "x16", CultureInfo.InvariantCulture);

    /// <summary>All registers.</summary>
    public string ReadAll(ThreadView thread)
    {
        var text = new StringBuilder();
        for (int register = 0; register < Count; register++)
        {
            text.Append(Read(thread, register));
        }

        return text.ToString();
    }

    /// <summary>The description in gdb's XML.</summary>
    public string Describe()
    {
        string size = wordBits.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder(
            "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>");
        text.Append("<architecture>").Append(wordBits == 64 ? "mips:isa64r2" : "mips:isa32")
            .Append("</architecture>");
        Feature(text, "cpu", size,
            [
                .. Enumerable.Range(0, GeneralCount).Select(number => ($"r{number}", number)),
                ("lo", Low), ("hi", High), ("pc", ProgramCounter),
            ]);
        Feature(text, "cp0", size, [("status", 32), ("badvaddr", 35), ("cause", 36)]);
        Feature(text, "fpu", size,
            [
                .. Enumerable.Range(FirstOfFloats, LastOfFloats - FirstOfFloats + 1)
                    .Select(number => ($"f{number - FirstOfFloats}", number)),
                ("fcsr", 70), ("fir", 71),
            ]);
        return text.Append("</target>").ToString();
    }

    private ulong ValueOf(ThreadView thread, int register)
    {
        if (_scratch.TryGetValue((thread.Id, register), out ulong written))
        {
            return written;
        }

        return register switch
        {
            < GeneralCount => thread.Registers[register],
            Low => thread.Low,
            High => thread.High,
            ProgramCounter => thread.ProgramCounter,
            _ => 0,
        };
    }

    private static void Feature(
        StringBuilder text, string name, string size, IEnumerable<(string Name, int Number)> registers)
    {
        text.Append(CultureInfo.InvariantCulture, $"<feature name=\"org.gnu.gdb.mips.{name}\">");
        foreach ((string register, int number) in registers)
        {
            string type = number is >= FirstOfFloats and <= LastOfFloats
                ? size == "64" ? " type=\"ieee_double\"" : " type=\"ieee_single\""
                : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"<reg name=\"{register}\" bitsize=\"{size}\"{type} regnum=\"{number}\"/>");
        }

        text.Append("</feature>");
    }
}
