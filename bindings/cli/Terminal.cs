using System;

namespace Culverin.Cli;

/// <summary>What standard error can show.</summary>
/// <param name="IsInteractive">Whether a person watches: a line may be overwritten.</param>
/// <param name="HasColor">Whether colours are wanted; a NO_COLOR that is not empty says no.</param>
/// <param name="Width">Columns.</param>
internal sealed record Terminal(bool IsInteractive, bool HasColor, int Width)
{
    private const int StandardWidth = 80;

    /// <summary>Not a terminal.</summary>
    public static Terminal None { get; } = new(false, false, StandardWidth);

    /// <summary>Looks at standard error and the environment.</summary>
    public static Terminal Detect()
    {
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            return None;
        }

        bool isColorless = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new Terminal(true, !isColorless, StandardWidth);
    }
}
