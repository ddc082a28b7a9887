using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace OracleServer;

/// <summary>
/// Serves made-up values (the last four bytes of the key say how many bytes; see <see cref="Value"/>) for a
/// given number of requests, then breaks in the way of its mode.
/// </summary>
internal sealed class FaultyServer
{
    private const int PromisedBytes = 100;
    private const int SentBytes = 40;

    // Long for a test, short enough that nothing is left for ever when a test is killed.
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(60);

    private readonly string _mode;
    private readonly int _goodAnswers;

    /// <summary>
    /// Breaks in the way of <paramref name="mode"/> after <paramref name="goodAnswers"/> requests.
    /// </summary>
    public FaultyServer(string mode, int goodAnswers)
    {
        _mode = mode;
        _goodAnswers = goodAnswers;
    }

    /// <summary>
    /// The value for a key: as many bytes as its last four bytes say, each made from key and position.
    /// </summary>
    public static byte[] Value(ReadOnlySpan<byte> key)
    {
        byte[] value = new byte[BinaryPrimitives.ReadUInt32BigEndian(key[28..])];
        for (int index = 0; index < value.Length; index++)
        {
            value[index] = (byte)(key[index % 28] + index + (index >> 8));
        }

        return value;
    }

    /// <summary>Serves, and returns the exit code.</summary>
    public int Run()
    {
        if (_mode == "die-at-start")
        {
            Console.Error.WriteLine("first line");
            Console.Error.WriteLine("the database is gone");
            return 3;
        }

        if (_mode != "no-hints")
        {
            StartHints();
        }

        int exitCode = Serve();
        if (_mode is "ignore-end" or "ignore-all")
        {
            Thread.Sleep(LingerTime);
        }

        return exitCode;
    }

    private void StartHints()
    {
        Program.StartHints(_mode switch
        {
            "two-byte-ack" => new Hints([0, 0]),
            "no-ack" => new Hints(onHint: _ => Thread.Sleep(LingerTime)),
            "die-at-hint" => new Hints(onHint: _ => Environment.Exit(6)),
            "echo-hint" => new Hints(onHint: payload => Console.WriteLine(Convert.ToHexStringLower(payload))),
            _ => new Hints(),
        });
    }

    private int Serve()
    {
        byte[] key = new byte[32];
        int served = 0;
        while (Pipes.TryRead(Pipes.Keys, key))
        {
            if (served < _goodAnswers || !TryBreak(key, out int exitCode))
            {
                Pipes.Answer(Value(key));
                served++;
            }
            else if (exitCode >= 0)
            {
                return exitCode;
            }
        }

        return 0;
    }

    /// <summary>
    /// Does what the mode says; false when it has no fault for requests. Minus one means: go on.
    /// </summary>
    private bool TryBreak(byte[] key, out int exitCode)
    {
        exitCode = -1;
        switch (_mode)
        {
            case "die":
                Console.Error.WriteLine("out of luck\u001b[31m");
                exitCode = 4;
                return true;
            case "kill":
                Process.GetCurrentProcess().Kill();
                return true;
            case "answer-and-die":
                Pipes.Answer(Value(key));
                exitCode = 7;
                return true;
            case "short":
                Promise(PromisedBytes, SentBytes);
                exitCode = 0;
                return true;
            case "stall":
                Promise(PromisedBytes, SentBytes);
                return true;
            case "stall-large":
                Promise(int.MaxValue - 1000, SentBytes);
                return true;
            case "half-length":
                Pipes.Answers.Write(new byte[3]);
                exitCode = 0;
                return true;
            case "extra":
                Promise(SentBytes, PromisedBytes);
                return true;
            case "extra-late":
                Pipes.Answer(Value(key));
                Thread.Sleep(100);
                Pipes.Answers.Write(new byte[1]);
                return true;
            case "huge":
                Promise(ulong.MaxValue, 0);
                return true;
            case "silent":
                return true;
            case "close":
                Pipes.Answers.Dispose();
                return true;
            case "grandchild":
                StartGrandchild();
                exitCode = 5;
                return true;
            default:
                return false;
        }
    }

    private static void Promise(ulong promisedBytes, int sentBytes)
    {
        byte[] answer = new byte[8 + sentBytes];
        BinaryPrimitives.WriteUInt64BigEndian(answer, promisedBytes);
        Pipes.Answers.Write(answer);
    }

    private static void StartGrandchild()
    {
        // It inherits all descriptors and so keeps every pipe open after our end.
        using Process grandchild = Process.Start("sleep", "60");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"grandchild {grandchild.Id}"));
    }
}
