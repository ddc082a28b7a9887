using Culverin.Harness.Values;
using Nethereum.Hex.HexTypes;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace Culverin.Harness.Rpc;

/// <summary>
/// Lets Newtonsoft read the numbers of Nethereum's types as the execution API writes them: "0x" and
/// hexadecimal digits. Nethereum's own converter takes decimal and other texts for some number.
/// </summary>
internal sealed class StrictNumbers : DefaultContractResolver
{
    /// <inheritdoc/>
    protected override JsonConverter? ResolveContractConverter(Type objectType) =>
        objectType == typeof(HexBigInteger)
            ? new NumberConverter()
            : base.ResolveContractConverter(objectType);

    private sealed class NumberConverter : JsonConverter<HexBigInteger>
    {
        public override HexBigInteger? ReadJson(
            JsonReader reader,
            Type objectType,
            HexBigInteger? existingValue,
            bool hasExistingValue,
            Newtonsoft.Json.JsonSerializer serializer) => reader.Value switch
            {
                null => null,
                string text => new HexBigInteger(
                    Hex.ReadLargeQuantity(System.Text.Json.JsonSerializer.SerializeToElement(text))),
                _ => throw new ChainException(
                    ChainFailure.BadAnswer, "The node sent a number that is not written in hexadecimal."),
            };

        public override void WriteJson(
            JsonWriter writer, HexBigInteger? value, Newtonsoft.Json.JsonSerializer serializer) =>
            writer.WriteValue(value?.HexValue);
    }
}
