using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace FuncChat.Sandbox.Scripts;

/// <summary>A script's value as JSON, where JSON can say all of it.</summary>
internal sealed class ResultJson
{
    private const int MaxDepth = 32;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ObjectReader _objects;
    private readonly int _limit;
    private readonly Utf8JsonWriter _json;

    private ResultJson(ObjectReader objects, int limit, Utf8JsonWriter json)
    {
        _objects = objects;
        _limit = limit;
        _json = json;
    }

    /// <summary>
    /// Null for a value that holds anything but null, booleans, finite numbers, strings, gapless arrays and plain objects of data, or that
    /// is too deep, circular or longer than the limit.
    /// </summary>
    public static byte[]? TryWrite(ObjectReader objects, JsValue value, int limit)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        if (!new ResultJson(objects, limit, json).Write(value))
            return null;

        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] OfText(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStringValue(text);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private bool Write(JsValue value)
    {
        if (_json.BytesCommitted + _json.BytesPending > _limit || _json.CurrentDepth > MaxDepth)
            return false;

        switch (value)
        {
            case JsNull:
                _json.WriteNullValue();
                return true;
            case JsBoolean:
                _json.WriteBooleanValue(value.AsBoolean());
                return true;
            case JsNumber when double.IsFinite(value.AsNumber()) && !(value.AsNumber() == 0 && double.IsNegative(value.AsNumber())):
                _json.WriteNumberValue(value.AsNumber());
                return true;
            case JsString text when text.Length <= _limit:
                _json.WriteStringValue(text.ToString());
                return true;
            case JsArray array:
                return WriteArray(array);
            case ObjectInstance instance when !_objects.IsProxy(instance) && _objects.IsPlain(instance):
                return WriteObject(instance);
            default:
                return false;
        }
    }

    private bool WriteArray(JsArray array)
    {
        _json.WriteStartArray();
        for (uint i = 0; i < array.Length; i++)
        {
            if (!WriteData(array.GetOwnProperty(JsNumber.Create(i))))
                return false;
        }

        _json.WriteEndArray();
        return true;
    }

    private bool WriteObject(ObjectInstance value)
    {
        _json.WriteStartObject();
        foreach (var (key, property) in _objects.Properties(value))
        {
            if (!key.IsString())
                return false;

            _json.WritePropertyName(key.ToString());
            if (!WriteData(property))
                return false;
        }

        _json.WriteEndObject();
        return true;
    }

    private bool WriteData(PropertyDescriptor property) =>
        property != PropertyDescriptor.Undefined && !property.IsAccessorDescriptor() && Write(property.Value);
}
