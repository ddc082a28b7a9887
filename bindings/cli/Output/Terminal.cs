using Culverin.Files.Streams;

namespace Culverin.Cli.Output;

/// <summary>What standard error can show.</summary>
/// <param name="IsInteractive">Whether a person watches: a line may be overwritten.</param>
/// <param name="HasColor">Whether colours are wanted; a NO_COLOR that is not empty says no.</param>
internal sealed record Terminal(bool IsInteractive, bool HasColor)
{
    private const int StandardWidth = 80;

    /// <summary>Not a terminal.</summary>
    public static Terminal None { get; } = new(false, false);

    /// <summary>Columns at this moment; a window may be resized at any time.</summary>
    public static int Width => StandardStreams.ErrorColumns is > 0 and int columns ? columns : StandardWidth;

    /// <summary>Looks at standard error and the environment.</summary>
    public static Terminal Detect()
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            return None;
        }

        bool isColorless = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(true, !isColorless);
    }
}
