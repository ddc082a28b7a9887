namespace Culverin.Primitives;

/// <summary>
/// What this process must not leave behind when it is ended by force: unfinished temporary files and child
/// processes. Who makes such a thing registers how to remove it, both inside of <see cref="Make"/>; a program
/// that is about to end without unwinding, as on a signal, calls <see cref="Remove"/>. Any thread may use it.
/// </summary>
internal static class Leftovers
{
    private static readonly LeftoverRegister All = new();

    /// <summary>
    /// Removes everything that is registered, and lets nothing more be made. The process must end next.
    /// </summary>
    public static void Remove() => All.Remove();

    /// <summary>
    /// Removes everything and ends the process at once, whatever its threads do. The ordinary way out waits
    /// for threads and destroys what they use, which does not go well while one waits for a file.
    /// </summary>
    /// <param name="exitCode">0 to 255.</param>
    public static void RemoveAndExit(int exitCode)
    {
        Remove();
        if (!OperatingSystem.IsWindows())
        {
            Posix.ExitNow(exitCode);
        }

        Environment.Exit(exitCode);
    }

    /// <summary>
    /// Makes something that would be left behind; after <see cref="Remove"/> it never returns.
    /// </summary>
    /// <param name="make">Makes it and registers how to remove it, in short time.</param>
    internal static T Make<T>(Func<T> make) => All.Make(make);

    /// <summary>Registers how to remove something, until the result is disposed.</summary>
    /// <param name="remove">Removes it; must not throw, and may run on any thread.</param>
    internal static IDisposable Register(Action remove) => All.Register(remove);
}
