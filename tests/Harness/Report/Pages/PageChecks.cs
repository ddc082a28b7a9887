namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>Expressions that look at a page in the browser; each gives a list of what is wrong.</summary>
internal static class PageChecks
{
    /// <summary>Texts that are too pale for their background (WCAG 2: 4.5 to 1).</summary>
    internal const string PaleTexts = """
        (() => {
          const part = value => {
            const share = value / 255;
            return share <= 0.03928 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
          };
          const read = color => (color.match(/[\d.]+/g) || []).map(Number);
          const light = ([red, green, blue]) =>
            0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
          const behind = element => {
            for (let each = element; each; each = each.parentElement) {
              const color = read(getComputedStyle(each).backgroundColor);
              if (color.length === 3 || color[3] === 1) { return color; }
            }
            return [255, 255, 255];
          };
          const hasText = element => [...element.childNodes].some(
            node => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
          return [...document.body.querySelectorAll('*')]
            .filter(element => !element.closest('svg') && hasText(element))
            .map(element => {
              const ink = light(read(getComputedStyle(element).color));
              const paper = light(behind(element));
              const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
              return [ratio, element];
            })
            .filter(([ratio]) => ratio < 4.5)
            .map(([ratio, element]) =>
              ratio.toFixed(2) + ' ' + element.className + ' ' + element.textContent.slice(0, 40));
        })()
        """;

    /// <summary>Nodes of the claim tree that are not beside the row that tells of their claim.</summary>
    internal const string NodesBesideNoRow = """
        (() => [...document.querySelectorAll('.tree-box')].flatMap(box => {
          const rows = [...box.querySelectorAll('li.row')];
          return [...box.querySelectorAll('.tree .node, .tree .step-node')].filter(node => {
            const mark = node.querySelector('circle, rect, path').getBoundingClientRect();
            const middle = (mark.top + mark.bottom) / 2;
            const row = rows[Number(node.style.getPropertyValue('--row'))].getBoundingClientRect();
            return middle < row.top + 5 || middle > row.bottom - 5;
          }).map(node => node.querySelector('title').textContent);
        }))()
        """;

    /// <summary>Lines of the claim tree that end at no node.</summary>
    internal const string LooseEdges = """
        (() => [...document.querySelectorAll('.tree')].flatMap(tree => {
          const middles = [...tree.querySelectorAll('.node, .step-node')].map(node => {
            const mark = node.querySelector('circle, rect, path').getBoundingClientRect();
            return [(mark.left + mark.right) / 2, (mark.top + mark.bottom) / 2];
          });
          return [...tree.querySelectorAll('.edge')].filter(edge => {
            const map = edge.getScreenCTM();
            return !['1', '2'].every(end => {
              const point = new DOMPoint(
                edge['x' + end].baseVal.value, edge['y' + end].baseVal.value).matrixTransform(map);
              return middles.some(([x, y]) => Math.abs(x - point.x) < 2 && Math.abs(y - point.y) < 2);
            });
          }).map(edge => edge.outerHTML);
        }))()
        """;

    /// <summary>Headings that skip a level, or a page that has not just one of the first.</summary>
    internal const string WrongHeadings = """
        (() => {
          const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(
            heading => [Number(heading.tagName[1]), heading.textContent]);
          const wrong = levels.filter(
            ([level], place) => place > 0 && level > levels[place - 1][0] + 1);
          return levels.filter(([level]) => level === 1).length === 1 ? wrong : [...wrong, 'h1'];
        })()
        """;

    /// <summary>Drawings without a name, for whoever does not see them.</summary>
    internal const string NamelessDrawings = """
        [...document.querySelectorAll('svg:not([aria-hidden]), .node, .step-node')]
          .filter(element => !(element.getAttribute('aria-label')
            || (element.querySelector(':scope > title') || {}).textContent))
          .map(element => element.outerHTML)
        """;

    /// <summary>What is wider than the window.</summary>
    internal const string TooWide = """
        document.documentElement.scrollWidth > window.innerWidth
          ? [...document.body.querySelectorAll('*')]
            .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
            .map(element => element.tagName + ' ' + element.className)
          : []
        """;
}
