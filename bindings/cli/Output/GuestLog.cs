using System.Runtime.InteropServices;
using System.Text;
using Culverin.Cli.Reports;
using Culverin.Execute;

namespace Culverin.Cli.Output;

/// <summary>
/// Logs what the guest and the server write, one log line per line of theirs. Text keeps its newline, as in
/// the reference; bytes beyond ASCII are logged in hex under `data`. Lines longer than 16 KiB come in parts.
/// </summary>
internal sealed class GuestLog : IGuestOutput
{
    private const int LineMaxBytes = 16 * 1024;
    private const int StandardOutputDescriptor = 1;
    private const byte Newline = (byte)'\n';

    private readonly Log _log;
    private readonly List<byte> _output = [];
    private readonly List<byte> _error = [];

    public GuestLog(Log log) => _log = log;

    /// <inheritdoc/>
    public void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        List<byte> pending = descriptor == StandardOutputDescriptor ? _output : _error;
        foreach (byte value in bytes)
        {
            pending.Add(value);
            if (value == Newline || pending.Count == LineMaxBytes)
            {
                Deliver(pending);
            }
        }
    }

    /// <summary>Logs lines that the guest did not end.</summary>
    public void Flush()
    {
        Deliver(_output);
        Deliver(_error);
    }

    /// <summary>Logs a line of the server, from any thread.</summary>
    public void WriteHostLine(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        (string key, string value) = Describe(bytes);
        _log.Info("", ("module", "host"), (key, value));
    }

    private static (string Key, string Value) Describe(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value is (< 0x20 or >= 0x7F) and not ((byte)'\n' or (byte)'\t'))
            {
                return ("data", Report.Hex(bytes));
            }
        }

        return ("text", Encoding.ASCII.GetString(bytes));
    }

    private void Deliver(List<byte> pending)
    {
        if (pending.Count == 0)
        {
            return;
        }

        (string key, string value) = Describe(CollectionsMarshal.AsSpan(pending));
        pending.Clear();
        string stream = ReferenceEquals(pending, _output) ? "stdout" : "stderr";
        _log.Info("", ("module", "guest"), ("stream", stream), (key, value));
    }
}
