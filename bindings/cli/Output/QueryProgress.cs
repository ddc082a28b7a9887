using System.Diagnostics;
using System.Globalization;
using Culverin.Trace;

namespace Culverin.Cli.Output;

/// <summary>
/// The status line of questions to a trace on a terminal: how many are answered, and how far the run to the
/// next one has come.
/// </summary>
internal sealed class QueryProgress : IProgress<TraceProgress>
{
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(0.2);

    private readonly Log _log;
    private long _lastShown = Stopwatch.GetTimestamp();
    private ulong[] _steps = [];
    private int _done;
    private int _total;

    public QueryProgress(Log log) => _log = log;

    /// <summary>Takes questions.</summary>
    /// <param name="steps">The steps asked for now.</param>
    /// <param name="done">How many were answered before these.</param>
    /// <param name="total">How many there are in all.</param>
    public void Begin(IEnumerable<ulong> steps, int done, int total)
    {
        _steps = [.. steps.Order()];
        _done = done;
        _total = total;
    }

    /// <inheritdoc/>
    public void Report(TraceProgress value)
    {
        if (!_log.HasStatusLine || Stopwatch.GetElapsedTime(_lastShown) < LookTime)
        {
            return;
        }

        _lastShown = Stopwatch.GetTimestamp();
        int passed = _steps.Count(step => step <= value.Step);
        string answered = $"{_done + passed} of {_total} answered";
        string target = passed < _steps.Length && _steps[passed] < ulong.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $" of {_steps[passed]:N0}")
            : "";
        _log.ShowStatus(string.Create(
            CultureInfo.InvariantCulture,
            $"{answered}  step {value.Step:N0}{target}  {value.PageCount:N0} pages"));
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => _log.ShowStatus("");
}
