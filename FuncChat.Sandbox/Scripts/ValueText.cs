using System.Globalization;
using System.Text;
using Jint;
using Jint.Native;
using Jint.Native.Error;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace FuncChat.Sandbox.Scripts;

/// <summary>Values as text, much as Node's console prints them, up to a limit.</summary>
internal sealed class ValueText(ObjectReader objects, int limit)
{
    private const int MaxDepth = 8;
    private const int MaxItems = 200;

    private readonly StringBuilder _text = new();
    private readonly HashSet<ObjectInstance> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Something was left out at the limit.</summary>
    public bool IsCut { get; private set; }

    public int Length => _text.Length;

    public override string ToString() =>
        IsCut ? $"{_text}… (cut at {limit.ToString(CultureInfo.InvariantCulture)} characters)" : _text.ToString();

    /// <summary>The arguments of a console method.</summary>
    public void AppendArguments(ReadOnlySpan<JsValue> values)
    {
        for (var i = 0; i < values.Length && !IsCut; i++)
        {
            if (i > 0)
                Append(" ");
            AppendTopLevel(values[i]);
        }
    }

    /// <summary>A string as it is; anything else as within an object.</summary>
    public void AppendTopLevel(JsValue value)
    {
        if (value.IsString())
            Append(value.ToString());
        else
            AppendValue(value);
    }

    private void AppendValue(JsValue value)
    {
        if (IsCut)
            return;

        switch (value)
        {
            case JsString text: AppendQuoted(text.ToString()); break;
            case JsBigInt number: Append(number + "n"); break;
            case JsNumber number: Append(double.IsNegative(number.AsNumber()) && number.AsNumber() == 0 ? "-0" : number.ToString()); break;
            case ObjectInstance instance: AppendObject(instance); break;
            default: Append(value.ToString()); break;
        }
    }

    private void AppendObject(ObjectInstance value)
    {
        if (objects.IsProxy(value))
            Append("[Proxy]");
        else if (value is Function)
            Append(objects.Read(value, "name") is JsString { Length: > 0 } name ? $"[Function: {name}]" : "[Function (anonymous)]");
        else if (value is JsDate date)
            Append(double.IsNaN(date.DateValue) ? "Invalid Date" : date.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        else if (value is JsRegExp expression)
            Append($"/{expression.Source}/{expression.Flags}");
        else if (value is ErrorInstance error)
            Append(ErrorText.Of(error, objects));
        else if (!_open.Add(value))
            Append("[Circular]");
        else
        {
            if (_open.Count > MaxDepth)
                Append(value.IsArray() ? "[Array]" : "[Object]");
            else
                AppendMembers(value);
            _open.Remove(value);
        }
    }

    private void AppendMembers(ObjectInstance value)
    {
        switch (value)
        {
            case JsArray array: AppendList("", '[', Items(array), array.Length, ']'); break;
            case JsTypedArray array: AppendList($"{objects.ClassName(array)}({array.Length}) ", '[', Items(array), array.Length, ']'); break;
            case JsSet set: AppendList($"Set({set.Size}) ", '{', Items(set), (uint)set.Size, '}'); break;
            case JsMap map: AppendList($"Map({map.Size}) ", '{', Items(map), (uint)map.Size, '}'); break;
            default: AppendList(Prefix(value), '{', Items(value), null, '}'); break;
        }
    }

    private string Prefix(ObjectInstance value) =>
        objects.IsPlain(value) ? "" : objects.ClassName(value) is { } name and not "Object" ? name + " " : "";

    /// <param name="items">Each writes one item.</param>
    private void AppendList(string prefix, char open, IEnumerable<Action> items, uint? count, char close)
    {
        Append(prefix + open);
        var written = 0;
        foreach (var item in items)
        {
            if (IsCut)
                return;

            Append(written++ == 0 ? " " : ", ");
            if (written > MaxItems)
            {
                Append(count is { } all ? $"… {(all - MaxItems).ToString(CultureInfo.InvariantCulture)} more items" : "… more items");
                break;
            }

            item();
        }

        Append(written == 0 ? $"{close}" : $" {close}");
    }

    private IEnumerable<Action> Items(JsArray array)
    {
        for (uint i = 0; i < array.Length; i++)
        {
            var property = array.GetOwnProperty(JsNumber.Create(i));
            yield return property == PropertyDescriptor.Undefined ? () => Append("<empty>") : () => AppendProperty(property);
        }
    }

    private IEnumerable<Action> Items(JsTypedArray array)
    {
        for (uint i = 0; i < array.Length; i++)
        {
            var item = array[i];
            yield return () => AppendValue(item);
        }
    }

    private IEnumerable<Action> Items(JsSet set)
    {
        foreach (var item in set)
            yield return () => AppendValue(item);
    }

    private IEnumerable<Action> Items(JsMap map)
    {
        foreach (var (key, item) in map)
        {
            yield return () =>
            {
                AppendValue(key);
                Append(" => ");
                AppendValue(item);
            };
        }
    }

    private IEnumerable<Action> Items(ObjectInstance value)
    {
        foreach (var (key, property) in objects.Properties(value))
        {
            yield return () =>
            {
                Append(key.IsSymbol() ? $"[{key}]: " : $"{key}: ");
                AppendProperty(property);
            };
        }
    }

    private void AppendProperty(PropertyDescriptor property)
    {
        if (property.IsAccessorDescriptor())
            Append(property.Set is null or JsUndefined ? "[Getter]" : property.Get is null or JsUndefined ? "[Setter]" : "[Getter/Setter]");
        else
            AppendValue(property.Value);
    }

    private void AppendQuoted(string text)
    {
        var escaped = text.Length > limit ? text[..limit] : text;
        Append("'" + escaped.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + "'");
        IsCut |= text.Length > limit;
    }

    private void Append(string text)
    {
        var room = Math.Max(0, limit - _text.Length);
        IsCut |= text.Length > room;
        _text.Append(text.AsSpan(0, Math.Min(text.Length, room)));
    }
}
