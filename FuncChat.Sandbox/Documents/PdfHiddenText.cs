using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Graphics.Colors;
using UglyToad.PdfPig.Graphics.Operations;

namespace FuncChat.Sandbox.Documents;

/// <summary>
/// Letters that a reader of the page can't see, which is where instructions to models are hidden: those off the page, too small, white on white, or drawn with
/// neither fill nor stroke. The last are also how a scan has its text, under its image.
/// </summary>
internal sealed class PdfHiddenText
{
    // In points.
    private const double MinSize = 1;
    private const double White = 0.98;

    /// <summary>A page with more shapes is a drawing.</summary>
    private const int MaxShapes = 2000;

    private readonly Page _page;
    private readonly Lazy<List<PdfRectangle>?> _grounds;

    public PdfHiddenText(Page page)
    {
        _page = page;
        _grounds = new(() => GroundsOf(page));
    }

    public bool Hides(Letter letter) =>
        IsOffPage(letter)
        // The size that a bitmap font declares says little, but not the room that its letters take.
        || (letter.PointSize < MinSize && letter.Width < MinSize)
        || (letter.RenderingMode is TextRenderingMode.Neither && _page.NumberOfImages == 0)
        || (IsWhite(letter.Color) && _grounds.Value is { } grounds && !grounds.Exists(ground => Contains(ground, letter)));

    private bool IsOffPage(Letter letter)
    {
        var box = letter.BoundingBox;
        return box.Right < 0 || box.Left > _page.Width || box.Top < 0 || box.Bottom > _page.Height;
    }

    // What white letters may be seen on; null where that is unknown.
    private static List<PdfRectangle>? GroundsOf(Page page)
    {
        try
        {
            if (page.Paths.Count > MaxShapes || page.Operations.Any(operation => operation is PaintShading)
                || page.Operations.Count(operation => operation is InvokeNamedXObject) > page.NumberOfImages)
                return null;
            return [.. page.Paths.Where(path => path.IsFilled && !IsWhite(path.FillColor)).Select(path => path.GetBoundingRectangle()).OfType<PdfRectangle>(), .. page.GetImages().Select(image => image.BoundingBox)];
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    private static bool IsWhite(IColor? color) => color is not (null or PatternColor) && color.ToRGBValues() is var (red, green, blue) && red > White && green > White && blue > White;

    private static bool Contains(PdfRectangle ground, Letter letter)
    {
        var center = letter.BoundingBox.Centroid;
        return center.X >= ground.Left && center.X <= ground.Right && center.Y >= ground.Bottom && center.Y <= ground.Top;
    }
}
