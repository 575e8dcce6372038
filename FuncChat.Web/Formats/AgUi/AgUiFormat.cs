namespace FuncChat.Web.Formats.AgUi;

/// <summary>The events of AG-UI.</summary>
internal sealed class AgUiFormat : EventStreamFormat
{
    public const string WireName = "ag-ui";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new AgUiMapping(turn, AgUiView.Of(turn));
}
