using System.Globalization;
using System.Reflection;
using System.Text;
using Culverin.Abi.Types;

namespace Culverin.Abi.Tests.Header;

/// <summary>Writes what ctypes must know of the library.</summary>
internal static class PythonDeclarations
{
    public static string Write()
    {
        var text = new StringBuilder("""
            # Generated from the exports of bindings/c; do not edit.
            import ctypes as c


            """);
        text.Append($"ABI_MAJOR = {AbiModel.Major}\nABI_MINOR = {AbiModel.Minor}\n\n");
        foreach (FieldInfo member in AbiModel.Enums.SelectMany(AbiModel.Members))
        {
            int value = Convert.ToInt32(member.GetRawConstantValue(), CultureInfo.InvariantCulture);
            text.Append($"{AbiModel.NameOf(member)["CULVERIN_".Length..]} = {value}\n");
        }

        text.Append('\n');
        foreach (Type callback in AbiModel.Callbacks)
        {
            MethodInfo invoke = callback.GetMethod("Invoke")!;
            string result = invoke.ReturnType == typeof(void) ? "None" : "c.c_int32";
            string types = string.Join(
                ", ", invoke.GetParameters().Select(item => TypeName(item.ParameterType)));
            text.Append($"{callback.Name} = c.CFUNCTYPE({result}, {types})\n");
        }

        foreach (Type type in AbiModel.Structs)
        {
            text.Append($"\n\nclass {type.Name}(c.Structure):\n    _fields_ = [\n");
            foreach (FieldInfo field in AbiModel.Fields(type))
            {
                text.Append($"        (\"{AbiModel.Snake(field.Name)}\", {FieldType(field)}),\n");
            }

            text.Append("    ]\n");
        }

        text.Append("\n\nFUNCTIONS = {\n");
        foreach (MethodInfo function in AbiModel.Groups.SelectMany(AbiModel.Functions))
        {
            string types = string.Join(
                ", ", function.GetParameters().Select(item => TypeName(item.ParameterType)));
            text.Append($"    \"{AbiModel.NameOf(function)}\": [{types}],\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string FieldType(FieldInfo field)
    {
        if (AbiModel.ArrayOf(field) is { } array)
        {
            return $"{TypeName(array.Element)} * {array.Count}";
        }

        return field.GetCustomAttribute<CallbackAttribute>() is { } callback
            ? callback.Type.Name
            : TypeName(field.FieldType);
    }

    // Handles and buffers are plain addresses, so that whatever has one may be passed.
    private static string TypeName(Type type) => type switch
    {
        _ when type == typeof(sbyte*) => "c.c_char_p",
        _ when type == typeof(sbyte**) => "c.POINTER(c.c_char_p)",
        _ when type == typeof(byte**) => "c.POINTER(c.c_void_p)",
        _ when type == typeof(nuint*) => "c.POINTER(c.c_size_t)",
        _ when type.IsPointer && type.GetElementType()!.IsPointer => "c.POINTER(c.c_void_p)",
        _ when type.IsPointer && AbiModel.Structs.Contains(type.GetElementType()) =>
            $"c.POINTER({type.GetElementType()!.Name})",
        _ when type.IsPointer => "c.c_void_p",
        _ when type == typeof(byte) => "c.c_uint8",
        _ when type == typeof(sbyte) => "c.c_char",
        _ when type == typeof(int) => "c.c_int32",
        _ when type == typeof(uint) => "c.c_uint32",
        _ when type == typeof(ulong) => "c.c_uint64",
        _ when type == typeof(nuint) => "c.c_size_t",
        _ => throw new NotSupportedException($"{type} has no name in ctypes."),
    };
}
