using System.Globalization;
using System.Reflection;
using System.Text;
using Culverin.Abi.Types;

namespace Culverin.Abi.Tests.Header;

/// <summary>Writes the -sys crate.</summary>
internal static class RustDeclarations
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(void)] = "c_void",
        [typeof(byte)] = "u8",
        [typeof(sbyte)] = "c_char",
        [typeof(int)] = "i32",
        [typeof(uint)] = "u32",
        [typeof(ulong)] = "u64",
        [typeof(nuint)] = "usize",
    };

    public static string Write()
    {
        var text = new StringBuilder("""
            //! What culverin.h declares, word for word; see there for the contracts.
            // Generated from the exports of bindings/c; do not edit.
            #![allow(non_camel_case_types)]

            use std::os::raw::{c_char, c_void};


            """);
        text.Append($"pub const CULVERIN_ABI_MAJOR: u32 = {AbiModel.Major};\n");
        text.Append($"pub const CULVERIN_ABI_MINOR: u32 = {AbiModel.Minor};\n\n");
        text.Append("pub type culverin_status = i32;\n");
        foreach (FieldInfo member in AbiModel.Enums.SelectMany(AbiModel.Members))
        {
            int value = Convert.ToInt32(member.GetRawConstantValue(), CultureInfo.InvariantCulture);
            text.Append($"pub const {AbiModel.NameOf(member)}: i32 = {value};\n");
        }

        foreach (Type handle in AbiModel.Handles)
        {
            text.Append(
                $"\n#[repr(C)]\npub struct {AbiModel.NameOf(handle)} {{\n    _private: [u8; 0],\n}}\n");
        }

        text.Append('\n');
        foreach (Type callback in AbiModel.Callbacks)
        {
            MethodInfo invoke = callback.GetMethod("Invoke")!;
            string result = invoke.ReturnType == typeof(void) ? "" : " -> i32";
            text.Append($"pub type {AbiModel.NameOf(callback)} =\n    unsafe extern \"C\" fn("
                + $"{Parameters(invoke)}){result};\n");
        }

        foreach (Type type in AbiModel.Structs)
        {
            text.Append($"\n#[repr(C)]\npub struct {AbiModel.NameOf(type)} {{\n");
            foreach (FieldInfo field in AbiModel.Fields(type))
            {
                text.Append($"    pub {AbiModel.Snake(field.Name)}: {FieldType(field)},\n");
            }

            text.Append("}\n");
        }

        text.Append("\nextern \"C\" {\n");
        foreach (MethodInfo function in AbiModel.Groups.SelectMany(AbiModel.Functions))
        {
            string parameters = Parameters(function);
            text.Append($"    pub fn {AbiModel.NameOf(function)}({parameters}) -> culverin_status;\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Parameters(MethodInfo method) => string.Join(", ", method.GetParameters().Select(
        item => $"{AbiModel.Snake(item.Name!)}: {TypeName(item.ParameterType, IsConst(item))}"));

    private static bool IsConst(ICustomAttributeProvider item) =>
        item.GetCustomAttributes(typeof(ConstAttribute), false).Length > 0;

    private static string FieldType(FieldInfo field)
    {
        if (AbiModel.ArrayOf(field) is { } array)
        {
            return $"[{TypeName(array.Element, false)}; {array.Count}]";
        }

        return field.GetCustomAttribute<CallbackAttribute>() is { } callback
            ? $"Option<{AbiModel.NameOf(callback.Type)}>"
            : TypeName(field.FieldType, IsConst(field));
    }

    private static string TypeName(Type type, bool isConst)
    {
        if (type == typeof(sbyte**))
        {
            return "*const *const c_char";
        }

        if (type.IsPointer)
        {
            // Where a const pointer is to be set, only what it points to is const.
            Type target = type.GetElementType()!;
            string kind = isConst && !target.IsPointer ? "const" : "mut";
            return $"*{kind} {TypeName(target, isConst)}";
        }

        return Names.TryGetValue(type, out string? name) ? name : AbiModel.NameOf(type);
    }
}
