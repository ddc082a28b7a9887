using System.Globalization;
using System.Text;
using Culverin.Execute;
using Culverin.Inspect.Symbols;

namespace Culverin.Inspect.Debug;

/// <summary>
/// Answers one gdb over its remote protocol (GDB manual, appendix E): registers, memory, threads,
/// breakpoints, watchpoints, and moves in both directions. The trace is fixed, so that memory cannot be
/// written.
/// </summary>
/// <remarks>
/// What gdb 13 needs of it was tried, not read: cp0 and fpu registers, an answer to Z0 and Z2.
/// </remarks>
internal sealed partial class GdbServer : IDisposable
{
    private const string Done = "OK";
    private const string Wrong = "E01";
    private const int BreakpointsMax = 1 << 12;
    private const int RangesMax = 1 << 8;

    // gdb's thread 0 is any and -1 all, so that numbers start with 1.
    private const ulong FirstThread = 1;

    private readonly DebugSession _session;
    private readonly GdbConnection _connection;
    private readonly GdbRegisters _registers;
    private readonly GdbMonitor _monitor;
    private readonly CancellationToken _ending;
    private readonly int _wordBits;
    private ulong? _shownThread;
    private ulong? _movedThread;
    private string _lastStop;

    /// <summary>Serves a connection, which it takes over.</summary>
    public GdbServer(DebugSession session, GdbConnection connection, CancellationToken ending)
    {
        _session = session;
        _connection = connection;
        _ending = ending;
        _wordBits = session.Machine.Features.WordBits;
        _registers = new GdbRegisters(_wordBits);
        _monitor = new GdbMonitor(session);
        _lastStop = StopReply(new DebugStop(StopKind.Step));
    }

    /// <summary>Serves until gdb leaves.</summary>
    /// <exception cref="CulverinException">The trace cannot be read any more.</exception>
    public void Serve()
    {
        while (!_ending.IsCancellationRequested && _connection.Receive() is { } packet)
        {
            if (packet is "k" || packet.StartsWith("vKill", StringComparison.Ordinal))
            {
                return;
            }

            string answer;
            try
            {
                answer = Answer(packet);
            }
            catch (CulverinException error)
            {
                answer = $"E.{Ascii(error.Message)}";
            }

            try
            {
                _connection.Send(answer);
            }
            catch (IOException)
            {
                return;
            }

            if (packet is "D")
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private string Answer(string packet) => packet.Length == 0 ? "" : packet[0] switch
    {
        '?' => _lastStop,
        'g' => _registers.ReadAll(Shown),
        'p' => ReadRegister(packet[1..]),
        'P' => WriteRegister(packet[1..]),
        'G' => "E.Only single registers can be set, and only until the next move.",
        'm' => ReadMemory(packet[1..]),
        'M' or 'X' => "E.The trace is fixed: memory cannot be written.",
        'H' => SelectThread(packet[1..]),
        'T' => TryThread(packet[1..], out ulong? thread) && Find(thread) is not null ? Done : Wrong,
        'Z' or 'z' => SetStop(packet),
        'c' => Resume(token => _session.Continue(token)),
        's' => Resume(token => _session.StepForward(_movedThread, null, token)),
        'b' => Back(packet),
        'D' => Done,
        'v' => Resumption(packet),
        'q' => Query(packet),
        'Q' when packet == "QStartNoAckMode" => StopAcknowledging(),
        _ => "",
    };

    private ThreadView Shown => Find(_shownThread) ?? ThreadView.ActiveOf(_session.Machine.Image);

    private ThreadView? Find(ulong? thread) =>
        ThreadView.AllOf(_session.Machine.Image).FirstOrDefault(each => each.Id == thread);

    private static string Ascii(string text) =>
        string.Concat(text.Select(each => each is >= ' ' and <= '~' ? each : '?'));

    private string StopAcknowledging()
    {
        _connection.StopAcknowledging();
        return Done;
    }

    private string ReadRegister(string text) =>
        int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int register)
            && register is >= 0 and < GdbRegisters.Count
                ? _registers.Read(Shown, register)
                : Wrong;

    private string WriteRegister(string text)
    {
        string[] parts = text.Split('=');
        if (parts.Length != 2
            || !int.TryParse(
                parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int register)
            || register is < 0 or >= GdbRegisters.Count
            || parts[1].Length != _registers.Digits
            || !TryHex(parts[1], out ulong value))
        {
            return Wrong;
        }

        _registers.Write(Shown, register, value);
        return Done;
    }

    private string ReadMemory(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length != 2 || !TryHex(parts[0], out ulong address) || !TryHex(parts[1], out ulong count)
            || count > GdbConnection.PacketMaxBytes / 2)
        {
            return Wrong;
        }

        byte[] bytes = new byte[count];
        _session.Machine.Image.Memory.ReadBytes(Cut(address), bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private string SelectThread(string text)
    {
        if (text.Length < 2 || !TryThread(text[1..], out ulong? thread))
        {
            return Wrong;
        }

        if (thread is not null && Find(thread) is null)
        {
            return Wrong;
        }

        if (text[0] == 'g')
        {
            _shownThread = thread;
        }
        else
        {
            _movedThread = thread;
        }

        return Done;
    }

    // Numbers as gdb has them; null for any and all.
    private static bool TryThread(string text, out ulong? thread)
    {
        thread = null;
        if (text is "0" or "-1")
        {
            return true;
        }

        bool isNumber = TryHex(text, out ulong number) && number >= FirstThread;
        thread = isNumber ? number - FirstThread : null;
        return isNumber;
    }

    // Z and z, then kind, address, size; what may follow are conditions, which gdb was not told that we take.
    private string SetStop(string packet)
    {
        string[] parts = packet[1..].Split(',', ';');
        if (parts.Length < 3 || !TryHex(parts[1], out ulong address) || !TryHex(parts[2], out ulong size))
        {
            return Wrong;
        }

        bool isSet = packet[0] == 'Z';
        address = Cut(address);
        StopPoints stops = _session.Stops;
        if (parts[0] is "0" or "1")
        {
            if (isSet && stops.Breakpoints.Count >= BreakpointsMax)
            {
                return Wrong;
            }

            _ = isSet ? stops.Breakpoints.Add(address) : stops.Breakpoints.Remove(address);
            return Done;
        }

        ulong last = _wordBits == 32 ? uint.MaxValue : ulong.MaxValue;
        if (parts[0] is not ("2" or "3" or "4") || size is 0 or > WatchedRange.SizeMaxBytes
            || size - 1 > last - address)
        {
            return parts[0] is "2" or "3" or "4" ? Wrong : "";
        }

        bool onRead = parts[0] is not "2";
        var range = new WatchedRange(address, size, onRead, OnWrite: parts[0] is not "3");
        if (!isSet)
        {
            _ = stops.Unwatch(range);
            return Done;
        }

        if (stops.Ranges.Count >= RangesMax)
        {
            return Wrong;
        }

        stops.Watch(range);
        return Done;
    }

    private string Back(string packet) => packet switch
    {
        "bs" => Resume(token => _session.StepBack(_movedThread, token)),
        "bc" => Resume(_session.ContinueBack),
        _ => "",
    };

    // vCont;ACTION[:THREAD]...; the first with a step decides, the schedule decides about all other threads.
    private string Resumption(string packet)
    {
        if (packet == "vCont?")
        {
            return "vCont;c;C;s;S;r";
        }

        if (!packet.StartsWith("vCont;", StringComparison.Ordinal))
        {
            return "";
        }

        foreach (string action in packet["vCont;".Length..].Split(';'))
        {
            string[] parts = action.Split(':');
            if (action.Length == 0 || !TryThread(parts.Length > 1 ? parts[1] : "0", out ulong? thread))
            {
                return Wrong;
            }

            if (action[0] is 's' or 'S')
            {
                return Resume(token => _session.StepForward(thread, null, token));
            }

            if (action[0] == 'r')
            {
                string[] ends = parts[0][1..].Split(',');
                return ends.Length == 2 && TryHex(ends[0], out ulong start) && TryHex(ends[1], out ulong end)
                    ? Resume(token => _session.StepForward(
                        thread, new AddressRange(Cut(start), Cut(end)), token))
                    : Wrong;
            }
        }

        return Resume(_session.Continue);
    }

    private string Resume(Func<CancellationToken, DebugStop> move)
    {
        _registers.Forget();
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_ending);
        _connection.SetRunning(running);
        DebugStop stop;
        try
        {
            stop = move(running.Token);
        }
        finally
        {
            _connection.SetRunning(null);
        }

        if (stop.Message.Length > 0)
        {
            _connection.Send("O" + ToHex(stop.Message + "\n"));
        }

        _shownThread = null;
        _lastStop = StopReply(stop);
        return _lastStop;
    }

    private string StopReply(DebugStop stop)
    {
        string signal = stop.Kind switch
        {
            StopKind.Interrupted => "02",
            StopKind.Panic => "04",
            _ => "05",
        };
        string why = stop.Kind switch
        {
            StopKind.Breakpoint => "swbreak:;",
            StopKind.Begin => "replaylog:begin;",
            StopKind.End => "replaylog:end;",
            StopKind.Watchpoint when stop.Range is { } range => string.Create(
                CultureInfo.InvariantCulture, $"{NameOf(range)}:{range.Start:x};"),
            _ => "",
        };

        // Forwards the step is done, and the thread that did it may not be the active one any more.
        ulong thread = ThreadView.ActiveIdOf(_session.Machine.Image) + FirstThread;
        return string.Create(CultureInfo.InvariantCulture, $"T{signal}{why}thread:{thread:x};");
    }

    private static string NameOf(WatchedRange range) => (range.OnRead, range.OnWrite) switch
    {
        (true, true) => "awatch",
        (true, false) => "rwatch",
        _ => "watch",
    };

    private ulong Cut(ulong address) => _wordBits == 32 ? (uint)address : address;

    private static string ToHex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));

    private static bool TryHex(string text, out ulong value) => ulong.TryParse(
        text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
