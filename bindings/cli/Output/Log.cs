using System.Globalization;
using System.Text;
using Culverin.Files.Streams;

namespace Culverin.Cli.Output;

/// <summary>
/// Log lines on standard error, in the reference's form: level=INFO msg=text key=value, quoted as Go does.
/// Any thread may log, and logging never fails. On a terminal a status line may stay below the log lines.
/// </summary>
internal sealed class Log
{
    private const string EraseLine = "\r\u001b[K";
    private const string Red = "\u001b[31m";
    private const string Yellow = "\u001b[33m";
    private const string Plain = "\u001b[0m";

    private readonly Lock _gate = new();
    private readonly Stream _stream = StandardStreams.Error;
    private readonly Terminal _terminal;
    private string _status = "";

    public Log(Terminal terminal) => _terminal = terminal;

    /// <summary>Whether a status line can be shown.</summary>
    public bool HasStatusLine => _terminal.IsInteractive;

    /// <summary>Logs an event.</summary>
    public void Info(string message, params ReadOnlySpan<(string Key, object Value)> fields) =>
        Write(LineOf("INFO", message, fields), "");

    /// <summary>Logs something that may be wrong.</summary>
    public void Warn(string message, params ReadOnlySpan<(string Key, object Value)> fields) =>
        Write(LineOf("WARN", message, fields), Yellow);

    /// <summary>Logs the circumstances of a failure.</summary>
    public void Failure(string message, params ReadOnlySpan<(string Key, object Value)> fields) =>
        Write(LineOf("ERROR", message, fields), Red);

    /// <summary>Says why the program ends.</summary>
    /// <param name="sentence">May hold names from outside; what could steer a terminal is escaped.</param>
    public void Error(string sentence) => Write("error: " + GoText.Printable(sentence), Red);

    /// <summary>Shows a line below the log; an empty one takes it away. Nothing without a terminal.</summary>
    public void ShowStatus(string status)
    {
        if (!HasStatusLine)
        {
            return;
        }

        lock (_gate)
        {
            _status = status;
            Send(EraseLine + FittingStatus());
        }
    }

    private static string LineOf(
        string level, string message, ReadOnlySpan<(string Key, object Value)> fields)
    {
        var line = new StringBuilder();
        line.Append("level=").Append(level).Append(" msg=");
        GoText.AppendValue(line, message);
        foreach ((string key, object value) in fields)
        {
            line.Append(' ').Append(key).Append('=');
            GoText.AppendValue(line, value switch
            {
                bool truth => truth ? "true" : "false",
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            });
        }

        return line.ToString();
    }

    private void Write(string line, string color)
    {
        string shown = _terminal.HasColor && color.Length > 0 ? color + line + Plain : line;
        lock (_gate)
        {
            Send(_status.Length == 0 ? shown + "\n" : $"{EraseLine}{shown}\n{FittingStatus()}");
        }
    }

    private string FittingStatus()
    {
        int width = Terminal.Width;
        return _status.Length < width ? _status : _status[..(width - 1)];
    }

    private void Send(string text)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        _stream.Flush();
    }
}
