using System.Buffers.Binary;
using Culverin.Oracle;
using Culverin.Oracle.Server;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>
/// Starts the test server in one of its modes, and checks at the end that no process is left. Tests that
/// start processes share one xunit collection, so that they run one after the other and their times mean
/// something.
/// </summary>
internal sealed class OracleProcess : IDisposable
{
    public const string Collection = "Oracle processes";

    private readonly List<string> _lines = [];

    public OracleProcess(
        string mode,
        int goodAnswers = 0,
        OracleOptions? options = null,
        CancellationToken cancellation = default)
        : this(["--mode", mode, $"{goodAnswers}"], options, cancellation)
    {
    }

    public OracleProcess(
        string[] arguments, OracleOptions? options = null, CancellationToken cancellation = default)
    {
        string[] command = ["exec", ServerPath, .. arguments];
        Oracle = new ProcessOracle(DotnetPath, command, options, OnLine, cancellation);
    }

    public static string DotnetPath => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string ServerPath => Path.Combine(AppContext.BaseDirectory, "OracleServer.dll");

    public ProcessOracle Oracle { get; }

    public string[] Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>
    /// A key of the given type whose value has the given size; the seed makes it different from others.
    /// </summary>
    public static byte[] Key(byte type, int valueBytes, int seed = 1)
    {
        byte[] key = new byte[32];
        new Random(seed).NextBytes(key);
        key[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(28), valueBytes);
        return key;
    }

    /// <summary>
    /// What the test server answers to a key; stated here once more, so that two sides must agree.
    /// </summary>
    public static byte[] Value(byte[] key)
    {
        byte[] value = new byte[BinaryPrimitives.ReadInt32BigEndian(key.AsSpan(28))];
        for (int index = 0; index < value.Length; index++)
        {
            value[index] = (byte)(key[index % 28] + index + (index >> 8));
        }

        return value;
    }

    /// <summary>Whether a process exists, zombies included.</summary>
    public static bool Exists(int processId) => Directory.Exists($"/proc/{processId}");

    public void Dispose()
    {
        Oracle.Dispose();
        Assert.False(Exists(Oracle.ProcessId), "the server is still there");
    }

    private void OnLine(string line, bool isError)
    {
        lock (_lines)
        {
            _lines.Add((isError ? "error: " : "output: ") + line);
        }
    }
}
