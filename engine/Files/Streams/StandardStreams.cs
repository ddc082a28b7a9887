using System.Text;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Files.Streams;

/// <summary>
/// Standard output and error, each opened once for the whole process; who writes to them leaves them open.
/// Nothing is buffered, so every write should be a whole line or block.
/// </summary>
/// <remarks>
/// .NET's own console streams do not suit: each opening takes a descriptor, and a reader that went away is
/// not told of, so that a run into `head` would go on for ever.
/// </remarks>
public static class StandardStreams
{
    private const int InputDescriptor = 0;
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private const string NullDevice = "/dev/null";

    private static readonly Lazy<Stream> LazyOutput = new(() => Open(OutputDescriptor));
    private static readonly Lazy<Stream> LazyError = new(() => Open(ErrorDescriptor));
    private static readonly List<SafeFileHandle> Placeholders = [];

    /// <summary>Standard output. A write that fails throws <see cref="StandardOutputException"/>.</summary>
    public static Stream Output => LazyOutput.Value;

    /// <summary>
    /// Standard error. It takes what it can and never fails: what cannot be said is lost, because no run may
    /// end for its log.
    /// </summary>
    public static Stream Error => LazyError.Value;

    /// <summary>Standard input, for the one who reads all of it.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>: the process was started without.
    /// </exception>
    public static Stream OpenInput()
    {
        // As for output: a number that programs started by us would not get is some other file of ours, from
        // which nothing may ever come.
        if (!OperatingSystem.IsWindows() && !Posix.IsInherited(InputDescriptor))
        {
            throw new CulverinException(
                ErrorCode.FileAccess, "Standard input cannot be read: it is closed.");
        }

        return Console.OpenStandardInput();
    }

    /// <summary>Columns of the terminal on standard error, as it is now; 0 when not known.</summary>
    public static int ErrorColumns =>
        OperatingSystem.IsLinux() ? Posix.TerminalColumns(ErrorDescriptor) : 0;

    /// <summary>
    /// For programs that use .NET's console: has it write to these streams, so that a complaint never ends
    /// the process.
    /// </summary>
    /// <param name="isOutputLossy">
    /// Whether output that cannot be written is dropped, for what must go on though nobody can be told.
    /// </param>
    public static void UseForConsole(bool isOutputLossy)
    {
        Console.SetError(WriterTo(Error));
        Console.SetOut(WriterTo(
            isOutputLossy && !OperatingSystem.IsWindows()
                ? new DescriptorStream(OutputDescriptor, isLossy: true)
                : Output));
    }

    /// <summary>
    /// For programs, as their first act: occupies standard descriptors that came closed, so that no file
    /// opened later gets a number that somebody writes messages to.
    /// </summary>
    public static void OccupyClosed()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (int descriptor = 0; descriptor <= ErrorDescriptor; descriptor++)
        {
            // A new descriptor has the lowest free number.
            if (!Posix.IsOpen(descriptor))
            {
                Placeholders.Add(File.OpenHandle(NullDevice, FileMode.Open, FileAccess.ReadWrite));
            }
        }
    }

    private static TextWriter WriterTo(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true });

    private static Stream Open(int descriptor)
    {
        if (OperatingSystem.IsWindows())
        {
            return descriptor == OutputDescriptor
                ? Console.OpenStandardOutput()
                : Console.OpenStandardError();
        }

        return new DescriptorStream(descriptor, isLossy: descriptor == ErrorDescriptor);
    }
}
