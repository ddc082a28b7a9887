using System.Globalization;
using System.Runtime.InteropServices;

namespace OracleServer;

/// <summary>
/// A pre-image server for guests, started by the virtual machine after <c>--</c>: <c>OracleServer DIR</c>
/// serves the files of a folder, named by the 64 hex digits of their keys. <c>OracleServer --mode NAME
/// [NUMBER]</c> serves made-up values, and breaks in the way that the mode says; the tests use that.
/// </summary>
internal static class Program
{
    private const int UsageExitCode = 2;

    private static int Main(string[] arguments)
    {
        // The machine interrupts a server that does not stop by itself; that is a normal end.
        bool isDeaf = Array.IndexOf(arguments, "ignore-all") >= 0;
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => OnInterrupt(context, isDeaf));
        try
        {
            if (arguments.Length == 1)
            {
                StartHints(new Hints());
                return ServeFolder(arguments[0]);
            }

            if (arguments.Length is 2 or 3 && arguments[0] == "--mode")
            {
                string number = arguments.Length == 3 ? arguments[2] : "0";
                return new FaultyServer(arguments[1], int.Parse(number, CultureInfo.InvariantCulture)).Run();
            }

            Console.Error.WriteLine("usage: OracleServer DIR | OracleServer --mode NAME [NUMBER]");
            return UsageExitCode;
        }
        catch (IOException error)
        {
            // The machine closed the pipes while we were writing.
            Console.Error.WriteLine(error.Message);
            return 1;
        }
    }

    /// <summary>Serves the hint channel on a thread that does not keep the process alive.</summary>
    internal static void StartHints(Hints hints)
    {
        new Thread(hints.Run) { IsBackground = true }.Start();
    }

    private static void OnInterrupt(PosixSignalContext context, bool isDeaf)
    {
        if (isDeaf)
        {
            context.Cancel = true;
        }
        else
        {
            Environment.Exit(0);
        }
    }

    private static int ServeFolder(string folder)
    {
        byte[] key = new byte[32];
        while (Pipes.TryRead(Pipes.Keys, key))
        {
            string name = Convert.ToHexStringLower(key);
            string file = Path.Combine(folder, name);
            if (!File.Exists(file))
            {
                Console.Error.WriteLine($"missing pre-image {name}");
                return UsageExitCode;
            }

            Pipes.Answer(File.ReadAllBytes(file));
        }

        return 0;
    }
}
