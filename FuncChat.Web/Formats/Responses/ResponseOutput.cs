using FuncChat.Engine;

namespace FuncChat.Web.Formats.Responses;

/// <summary>The items of a response: opens and closes them in order, and emits the events that do so.</summary>
internal sealed class ResponseOutput(ResponseSequence sequence)
{
    private readonly SortedDictionary<int, RawJson> _items = [];

    /// <summary>How many items were added.</summary>
    public int Count { get; private set; }

    /// <summary>The items, without those that a retried call of the model made void.</summary>
    public IReadOnlyList<RawJson> Items => [.. _items.Values];

    /// <summary>The items, with another state of one of them.</summary>
    public IReadOnlyList<RawJson> ItemsWith(int index, RawJson item) => [.. _items.Select(each => each.Key == index ? item : each.Value)];

    /// <summary>Adds an item that is not complete.</summary>
    /// <returns>Its index.</returns>
    public int Add(long sequenceNumber, RawJson item)
    {
        var index = Count++;
        _items[index] = item;
        if (sequence.IsWanted)
            sequence.Emit(new ResponseEvent("response.output_item.added", sequenceNumber) { OutputIndex = index, Item = item });
        return index;
    }

    /// <summary>Adds an item that is complete.</summary>
    public void AddWhole(long sequenceNumber, RawJson item) => Finish(Add(sequenceNumber, item), item);

    /// <summary>Ends an item.</summary>
    public void Finish(int index, RawJson item)
    {
        _items[index] = item;
        var number = sequence.Next();
        if (sequence.IsWanted)
            sequence.Emit(new ResponseEvent("response.output_item.done", number) { OutputIndex = index, Item = item });
    }

    /// <summary>Changes an item that is not complete.</summary>
    public void Change(int index, RawJson item) => _items[index] = item;

    /// <summary>Leaves an item out of the response.</summary>
    public void Remove(int index) => _items.Remove(index);

    /// <summary>Emits an event of an item.</summary>
    public void Emit(string type, int index, string itemId, Func<ResponseEvent, ResponseEvent>? fill = null)
    {
        var number = sequence.Next();
        if (!sequence.IsWanted)
            return;
        var itemEvent = new ResponseEvent(type, number) { OutputIndex = index, ItemId = itemId };
        sequence.Emit(fill is null ? itemEvent : fill(itemEvent));
    }
}
