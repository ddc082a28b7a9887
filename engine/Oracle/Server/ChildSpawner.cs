using System.Collections;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>
/// The call of posix_spawn: .NET's own process class can neither place descriptors 3 to 6 nor be told to
/// reset signals, and fork is out of the question in a process with threads.
/// </summary>
internal static unsafe class ChildSpawner
{
    /// <summary>
    /// The environment of this process as <c>name=value</c> strings, with NO_COLOR set to 1 as the reference
    /// does.
    /// </summary>
    public static List<string> Environment()
    {
        var environment = new List<string> { "NO_COLOR=1" };
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (name != "NO_COLOR")
            {
                environment.Add($"{name}={entry.Value}");
            }
        }

        return environment;
    }

    /// <summary>
    /// Starts a child as <see cref="ChildProcess.Start"/> says, and returns its id. Fails with
    /// <see cref="ErrorCode.ProcessStart"/>.
    /// </summary>
    public static int Spawn(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        IReadOnlyList<(int Target, SafeFileHandle Source)> descriptors)
    {
        var commandLine = new List<string> { program };
        commandLine.AddRange(arguments);
        using var nativeArguments = new NativeStrings(commandLine);
        using var nativeEnvironment = new NativeStrings(environment);

        // SAFETY: glibc needs 336 bytes for attributes, 80 for actions and 128 for a set; musl needs no more.
        // Both structures are initialised before use and destroyed once.
        byte* actions = stackalloc byte[Posix.OpaqueBytes];
        byte* attributes = stackalloc byte[Posix.OpaqueBytes];
        int error = Posix.SpawnActionsInit(actions);
        if (error == 0)
        {
            error = Posix.SpawnAttributesInit(attributes);
            if (error == 0)
            {
                int processId = 0;
                error = Fill(actions, attributes, descriptors);
                if (error == 0)
                {
                    byte** argv = nativeArguments.Pointers;
                    byte** variables = nativeEnvironment.Pointers;
                    error = Posix.Spawn(&processId, argv[0], actions, attributes, argv, variables);
                }

                _ = Posix.SpawnAttributesDestroy(attributes);
                _ = Posix.SpawnActionsDestroy(actions);
                if (error == 0)
                {
                    return processId;
                }
            }
            else
            {
                _ = Posix.SpawnActionsDestroy(actions);
            }
        }

        throw new CulverinException(ErrorCode.ProcessStart,
            $"The pre-image server '{program}' could not be started: "
            + $"{Posix.ErrorText(error)} (error {error}).");
    }

    private static int Fill(
        byte* actions, byte* attributes, IReadOnlyList<(int Target, SafeFileHandle Source)> descriptors)
    {
        int error;
        // SAFETY: the path is a constant that ends with a null byte, and the C library copies it.
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            error = Posix.SpawnActionsOpen(actions, 0, nothing, 0, 0);
        }

        foreach ((int target, SafeFileHandle source) in descriptors)
        {
            if (error == 0)
            {
                error = Posix.SpawnActionsDuplicate(actions, Descriptor.Number(source), target);
            }
        }

        // .NET ignores SIGPIPE, and what is ignored stays ignored in a started program; so all actions are
        // reset.
        // SAFETY: a set has 128 bytes, and the attributes copy it.
        byte* set = stackalloc byte[Posix.OpaqueBytes];
        _ = Posix.SignalSetFill(set);
        error = error != 0 ? error : Posix.SpawnAttributesDefaults(attributes, set);
        _ = Posix.SignalSetEmpty(set);
        error = error != 0 ? error : Posix.SpawnAttributesMask(attributes, set);

        // A group of its own, named by its own id, so that all it has started can be ended with it.
        const short Flags = Posix.SpawnDefaultSignals | Posix.SpawnSignalMask | Posix.SpawnOwnGroup;
        return error != 0 ? error : Posix.SpawnAttributesFlags(attributes, Flags);
    }
}
