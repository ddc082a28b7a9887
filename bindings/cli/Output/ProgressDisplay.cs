using System.Diagnostics;
using System.Globalization;
using Culverin.Run;

namespace Culverin.Cli.Output;

/// <summary>
/// The status line of a run on a terminal: steps, speed, pages, and how far it is to a known stop. Without a
/// terminal it costs nothing: the machine then runs in one go.
/// </summary>
internal sealed class ProgressDisplay
{
    private const ulong FirstLookSteps = 2_000_000;
    private const double LookSeconds = 0.2;
    private const int BarWidth = 10;
    private const double WholePercent = 100;
    private const double Million = 1e6;

    private readonly Log _log;
    private readonly ulong _startStep;
    private readonly ulong? _stopStep;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _lastShown;

    /// <summary>Starts the clock.</summary>
    /// <param name="log">Where the line is shown.</param>
    /// <param name="startStep">The step of the input state.</param>
    /// <param name="stopStep">Where the run will stop at the latest; null when unknown.</param>
    public ProgressDisplay(Log log, ulong startStep, ulong? stopStep)
    {
        _log = log;
        _startStep = startStep;
        _stopStep = stopStep;
    }

    /// <summary>Time since the run began.</summary>
    public TimeSpan Elapsed => _watch.Elapsed;

    /// <summary>Mean speed of the run in steps per second.</summary>
    public double StepsPerSecond(ulong step)
    {
        double seconds = _watch.Elapsed.TotalSeconds;
        return seconds > 0 ? unchecked(step - _startStep) / seconds : 0;
    }

    /// <summary>Steps after which the display should next be refreshed.</summary>
    public ulong StepsToNextLook(ulong step) => _log.HasStatusLine
        ? Math.Max(FirstLookSteps, (ulong)(StepsPerSecond(step) * LookSeconds))
        : ulong.MaxValue;

    /// <summary>Refreshes the line if it is old.</summary>
    public void Show(Machine machine) => Show(machine.Step, machine.PageCount);

    /// <summary>Refreshes the line if it is old.</summary>
    public void Show(ulong step, int pageCount)
    {
        if (_log.HasStatusLine && (_watch.Elapsed - _lastShown).TotalSeconds >= LookSeconds)
        {
            _lastShown = _watch.Elapsed;
            _log.ShowStatus(Describe(step, pageCount));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => _log.ShowStatus("");

    private string Describe(ulong step, int pageCount)
    {
        double speed = StepsPerSecond(step);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"step {step:N0}  {speed / Million:F1} M steps/s  {pageCount:N0} pages");
        if (_stopStep is not { } stop || stop <= _startStep || step > stop)
        {
            return line;
        }

        // First what a narrow terminal must not cut off.
        double percent = WholePercent * (step - _startStep) / (stop - _startStep);
        string bar = new string('#', (int)(BarWidth * percent / WholePercent)).PadRight(BarWidth, '.');
        string left = speed > 0 ? $"  {TimeSpan.FromSeconds((long)((stop - step) / speed)):c} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {percent:F1} %{left}  {line}");
    }
}
