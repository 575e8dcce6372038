using Jint;
using Jint.Native;
using Jint.Native.Error;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// Reads the script's objects without running a line of the script: no getter, no Proxy trap, no toString, toJSON or constructor.name that it
/// may have replaced. Made before the script runs, while the built-in objects are still as they were.
/// </summary>
internal sealed class ObjectReader(Engine engine, ScriptSource source)
{
    private readonly Type _proxyType = engine.Evaluate("new Proxy({}, {})").GetType();
    private readonly ObjectInstance _plainPrototype = (ObjectInstance)engine.Evaluate("Object.prototype");
    private readonly JsValue _readStack = engine.Evaluate("Object.getOwnPropertyDescriptor(Error.prototype, 'stack').get");

    public ScriptSource Source => source;

    public bool IsProxy(ObjectInstance value) => value.GetType() == _proxyType;

    public bool IsPlain(ObjectInstance value) => value is JsObject && (value.Prototype is null || value.Prototype == _plainPrototype);

    /// <summary>Own enumerable properties, values unread.</summary>
    public IEnumerable<(JsValue Key, PropertyDescriptor Property)> Properties(ObjectInstance value)
    {
        if (IsProxy(value))
            yield break;

        foreach (var key in value.GetOwnPropertyKeys(Types.String | Types.Symbol))
        {
            var property = value.GetOwnProperty(key);
            if (property.Enumerable)
                yield return (key, property);
        }
    }

    /// <summary>A property's value, own or inherited; null where there is none or only code could tell.</summary>
    public JsValue? Read(ObjectInstance value, string name)
    {
        for (ObjectInstance? current = value; current is not null && !IsProxy(current); current = current.Prototype)
        {
            var property = current.GetOwnProperty(name);
            if (property != PropertyDescriptor.Undefined)
                return property.IsAccessorDescriptor() ? null : property.Value;
        }

        return null;
    }

    /// <summary>The name of the class that an object is of; null for one that has none or does not tell.</summary>
    public string? ClassName(ObjectInstance value) =>
        !IsProxy(value) && value.Prototype is { } prototype
        && Read(prototype, "constructor") is ObjectInstance constructor
        && Read(constructor, "name") is JsString name
        && name.Length is > 0 and < 100
            ? name.ToString()
            : null;

    /// <summary>What an error tells of its stack, such as "    at f (script.js:1:21)" in each line.</summary>
    public string StackOf(ErrorInstance error) => engine.Invoke(_readStack, error, []) is JsString stack ? stack.ToString() : "";
}
