using System.Globalization;
using System.Text;
using Culverin.Execute;
using Culverin.Files;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Inspect.Debug;

/// <summary>What gdb's command "monitor" does here.</summary>
internal sealed class GdbMonitor(DebugSession session)
{
    private const int StandardCount = 10;
    private const int CountMax = 10_000;

    private const string Help =
        """
        step N            goes N steps forwards; step -N backwards
        goto N            goes to step N; goto end to the end of the trace
        where             step, thread, function and line
        hash              state hash here
        proof FILE        writes the proof of the next step into a new file of the working folder
        last-write ADDRESS [BYTES]   goes back to the last write there, also of an equal value
        syscalls [N]      the last N system calls before here
        preimages [N]     the last N reads of pre-images before here
        pages             pages of the guest's memory
        gdb keeps the registers of the place before: use culverin-goto and its kin of culverin.gdb, or
        "maintenance flush register-cache" afterwards.

        """;

    /// <summary>Executes a command.</summary>
    /// <returns>What to print; each line ended by a line feed.</returns>
    /// <exception cref="CulverinException">It cannot be done.</exception>
    public string Execute(string command, CancellationToken cancellation)
    {
        string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [] or ["help"]:
                return Help;
            case ["step", var count] when TryParse(count.TrimStart('-'), out ulong steps):
                return MoveBy(steps, count.StartsWith('-'), cancellation);
            case ["goto", "end"]:
                session.MoveTo(ulong.MaxValue, cancellation);
                return Where();
            case ["goto", var step] when TryParse(step, out ulong target):
                session.MoveTo(target, cancellation);
                return Where();
            case ["where"]:
                return Where();
            case ["hash"]:
                return $"0x{Convert.ToHexStringLower(session.Machine.StateHash())}\n";
            case ["proof", var name]:
                return WriteProof(name, cancellation);
            case ["last-write", var address] when TryParse(address, out ulong start):
                return LastWrite(start, (ulong)session.Machine.Features.WordBits / 8, cancellation);
            case ["last-write", var address, var size]
                when TryParse(address, out ulong start) && TryParse(size, out ulong count):
                return LastWrite(start, count, cancellation);
            case ["syscalls", ..] when Count(words) is { } count:
                return Past(count, preimages: false, cancellation);
            case ["preimages", ..] when Count(words) is { } count:
                return Past(count, preimages: true, cancellation);
            case ["pages"]:
                return string.Create(
                    CultureInfo.InvariantCulture, $"{session.Machine.PageCount} pages of 4096 bytes\n");
            default:
                return $"There is no command \"{command}\".\n{Help}";
        }
    }

    /// <summary>What gdb shows beside a thread.</summary>
    public string DescribeThread(ThreadView thread)
    {
        string state = thread.Exited ? "ended"
            : thread.WaitsFor is { } address ? $"waits for 0x{address:x}"
            : thread.IsActive ? "active" : "runs";
        return $"{state}, {NameAt(thread.ProgramCounter)}";
    }

    private static bool TryParse(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int? Count(string[] words) => words switch
    {
        [_] => StandardCount,
        [_, var text] when TryParse(text, out ulong count) && count is > 0 and <= CountMax => (int)count,
        _ => null,
    };

    private string NameAt(ulong address)
    {
        SourceFrame frame = session.Symbols.FramesAt(address)[0];
        string name = frame.Function.Length > 0 ? frame.Function : $"0x{address:x}";
        return frame.Place is { } place ? $"{name} at {place}" : name;
    }

    private string Where()
    {
        Machine machine = session.Machine;
        string end = machine.Exited ? " (the guest has ended)" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"step {machine.Step}{end}, thread {ThreadView.ActiveIdOf(machine.Image)}, ")
            + $"{NameAt(machine.ProgramCounter)}\n{StepReason.Of(machine.Image)}\n";
    }

    private string MoveBy(ulong steps, bool isBackwards, CancellationToken cancellation)
    {
        ulong target = isBackwards
            ? session.Step - Math.Min(steps, session.Step)
            : session.Step + Math.Min(steps, ulong.MaxValue - session.Step);
        session.MoveTo(target, cancellation);
        return Where();
    }

    // Whoever reaches the port gets no further than new files in one folder.
    private string WriteProof(string name, CancellationToken cancellation)
    {
        if (name != Path.GetFileName(name) || name is "." or ".." or "-" || File.Exists(name))
        {
            return "proof takes the name of a new file, without folders.\n";
        }

        ulong step = session.Step;
        try
        {
            ProofFile.Write(name, session.Index.ProofAt(step, cancellation));
        }
        finally
        {
            session.MoveTo(step, cancellation);
        }

        return string.Create(CultureInfo.InvariantCulture, $"The proof of step {step} is in {name}.\n");
    }

    private string LastWrite(ulong start, ulong count, CancellationToken cancellation)
    {
        ulong last = session.Machine.Features.WordBits == 32 ? uint.MaxValue : ulong.MaxValue;
        if (start > last || count is 0 or > WatchedRange.SizeMaxBytes || count - 1 > last - start)
        {
            return "last-write takes an address and at most 65536 bytes.\n";
        }

        ulong from = session.Step;
        DebugStop stop = session.LastWrite(
            new WatchedRange(start, count, OnRead: false, OnWrite: true), cancellation);
        if (stop.Kind == StopKind.Watchpoint)
        {
            return Where();
        }

        session.MoveTo(from, cancellation);
        return stop.Kind == StopKind.Begin
            ? "Nothing wrote there since the first step.\n"
            : $"{stop.Message}\n";
    }

    // Runs again from checkpoints before here until there are enough.
    private string Past(int count, bool preimages, CancellationToken cancellation)
    {
        ulong here = session.Step;
        List<string> found = [];
        ulong high = here;
        while (found.Count < count && high > session.FirstStep)
        {
            ulong low = session.Index.CheckpointBefore(high - 1);
            session.MoveTo(low, cancellation);
            found.InsertRange(0, preimages ? Preimages(high, cancellation) : Syscalls(high, cancellation));
            high = low;
        }

        session.MoveTo(here, cancellation);
        var text = new StringBuilder();
        foreach (string line in found.TakeLast(count))
        {
            text.Append(line).Append('\n');
        }

        return found.Count == 0 ? "none\n" : text.ToString();
    }

    private List<string> Syscalls(ulong untilStep, CancellationToken cancellation)
    {
        Machine machine = session.Machine;
        var lines = new Queue<string>();
        var log = new SyscallLog(machine.Features, call =>
        {
            string result = call.Result is { } value ? $"0x{value:x}" : "?";
            lines.Enqueue(string.Create(
                CultureInfo.InvariantCulture,
                $"{call.Call.Step,12} {call.Call.Thread,3} {call.Name}({call.Arguments}) = {result}"));
            if (lines.Count > CountMax)
            {
                _ = lines.Dequeue();
            }
        })
        {
            Memory = machine.Image.Memory,
        };
        machine.Syscalls = log;
        try
        {
            _ = machine.Run(new RunLimits { UntilStep = untilStep, Cancellation = cancellation });
        }
        finally
        {
            machine.Syscalls = null;
        }

        log.Flush();
        return [.. lines];
    }

    private List<string> Preimages(ulong untilStep, CancellationToken cancellation)
    {
        Machine machine = session.Machine;
        var lines = new Queue<string>();
        while (machine.Run(new RunLimits
        {
            UntilStep = untilStep,
            StopAfterPreimageRead = true,
            Cancellation = cancellation,
        }) == StopReason.PreimageRead)
        {
            PreimageRead read = machine.LastPreimageRead!;
            lines.Enqueue(string.Create(
                CultureInfo.InvariantCulture,
                $"{machine.Step - 1,12} {PreimageTypes.NameOf(read.Key[0])} {PreimageKey.Text(read.Key)} ")
                + string.Create(
                    CultureInfo.InvariantCulture, $"from byte {read.Offset} of 8 + {read.Value.Length}"));
            if (lines.Count > CountMax)
            {
                _ = lines.Dequeue();
            }
        }

        return [.. lines];
    }
}
