using System.Globalization;
using System.Text;
using Culverin.Execute;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Inspect;

/// <summary>
/// Turns what a machine's observer sees into records, one a system call, in the order of steps.
/// </summary>
/// <param name="features">The machine's version.</param>
/// <param name="take">
/// Takes each record when the call is answered, or when it is clear that it is not.
/// </param>
internal sealed class SyscallLog(FeatureSet features, Action<SyscallRecord> take) : ISyscallObserver
{
    private const int TextMaxBytes = 32;

    private SyscallCall? _pending;
    private string _arguments = "";

    /// <summary>The machine's memory, to show what is written; set before it runs.</summary>
    public GuestMemory? Memory { get; set; }

    /// <inheritdoc/>
    public void Begins(SyscallCall call)
    {
        Flush();
        _pending = call;
        _arguments = Describe(call);
    }

    /// <inheritdoc/>
    public void Answered(ulong result, uint errno)
    {
        // A wake-up answers the call of a thread that was put aside long before.
        if (_pending is { } call)
        {
            _pending = null;
            take(new SyscallRecord(call, SyscallNames.Of(call.Number), _arguments, result, errno));
        }
    }

    /// <summary>Hands out a call that was not answered; to be called when the run has ended too.</summary>
    public void Flush()
    {
        if (_pending is { } call)
        {
            _pending = null;
            take(new SyscallRecord(call, SyscallNames.Of(call.Number), _arguments, null, 0));
        }
    }

    private string Describe(SyscallCall call) => EffectiveName(call) switch
    {
        "write" => $"{Signed(call.First)}, {Data(call.Second, call.Third)}, {Signed(call.Third)}",
        "read" => $"{Signed(call.First)}, {Hex(call.Second)}, {Signed(call.Third)}",
        "mmap" or "getrandom" => $"{Hex(call.First)}, {Signed(call.Second)}",
        "exit_group" or "exit" => Signed(call.First),
        "fcntl" => $"{Signed(call.First)}, {Signed(call.Second)}, {Signed(call.Third)}",
        "gettid" or "sched_yield" => "",
        "brk" or "nanosleep" or "open" => Hex(call.First),
        "futex" => $"{Hex(call.First)}, {Signed(call.Second)}, {Signed(call.Third)}",
        "clock_gettime" => $"{Signed(call.First)}, {Hex(call.Second)}",
        "clone" => $"{Hex(call.First)}, {Hex(call.Second)}",
        "eventfd2" => $"{Signed(call.First)}, {Hex(call.Second)}",
        _ => $"{Hex(call.First)}, {Hex(call.Second)}, {Hex(call.Third)}",
    };

    private static string? EffectiveName(SyscallCall call) =>
        call.Entry is { IsIdle: false } entry ? entry.Name : null;

    private string Signed(ulong value) => (features.WordBits == 32 ? (int)(uint)value : (long)value)
        .ToString(CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    // Text as in C, anything else in hexadecimal digits.
    private string Data(ulong address, ulong count)
    {
        if (Memory is null)
        {
            return Hex(address);
        }

        byte[] bytes = new byte[(int)Math.Min(count, TextMaxBytes)];
        Memory.ReadBytes(address, bytes);
        string more = count > TextMaxBytes ? "..." : "";
        if (bytes.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && bytes.AsSpan().TrimEnd((byte)'\n').ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return $"0x{Convert.ToHexStringLower(bytes)}{more}";
        }

        string text = Encoding.ASCII.GetString(bytes)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"\"{text}\"{more}";
    }
}
